"""A text as lines that keep their own ends, so that a change of one leaves the bytes of all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import wraps

LARGEST = 2**20
"""Characters and bytes of a text: larger files are no configuration."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ALONE = re.compile(r"\r(?!\n)")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")


Get = Callable[[str, str], str | None]
Put = Callable[[str, str, str | None], str]


def proven(get: Get) -> Callable[[Put], Put]:
    """Makes a `put` leave a text as it is that has the value, and show by `get` that its own has.

    What it gives otherwise raises ValueError: an editor that does not understand a text leaves it alone.
    """

    def decorated(change: Put) -> Put:
        @wraps(change)
        def put(text: str, entry: str, value: str | None) -> str:
            if get(text, entry) == value:
                return text
            if value is not None:
                checked_value(value)
            new = change(text, entry, value)
            if get(new, entry) != value:
                raise ValueError(
                    f"'{entry}' cannot be edited: the text would not read as {value!r} afterwards"
                )
            return new

        return put

    return decorated


def fault(line: int, message: str) -> ValueError:
    """The error that names `line`, counted from 1."""
    return ValueError(f"line {line}: {message}")


def line_of(text: str, index: int) -> int:
    """The line, counted from 1, of the character at `index`."""
    return text.count("\n", 0, index) + 1


def checked(text: str) -> None:
    """Raises ValueError for what no editor touches: more than 1 MiB, NUL, a lone carriage return, a BOM."""
    if len(text) > LARGEST or len(text.encode(errors="surrogatepass")) > LARGEST:
        raise ValueError(f"the text is larger than {LARGEST // 1024} KiB")
    if (nul := text.find("\0")) >= 0:
        raise fault(line_of(text, nul), "a NUL character stands here; this is no text file")
    if text.startswith("\ufeff"):
        raise fault(1, "a byte order mark stands at the beginning; save the file without it")
    if lone := _ALONE.search(text):
        raise fault(
            line_of(text, lone.start()), "a carriage return stands alone, which programs read differently"
        )


def checked_value(value: str) -> None:
    """Raises ValueError for a value that is more than one line, or has control characters but tabs."""
    if found := _CONTROL.search(value):
        raise ValueError(
            f"the value has the character U+{ord(found.group()):04X}: one line of text can stand here"
        )


def controlled(text: str) -> bool:
    """Whether `checked_value` would refuse `text`."""
    return _CONTROL.search(text) is not None


def split(text: str) -> list[str]:
    """The lines with their ends; raises ValueError as `checked`."""
    checked(text)
    return _LINE.findall(text)


def body(line: str) -> str:
    """The line without its end."""
    return line.removesuffix("\n").removesuffix("\r")


def prefix(pattern: re.Pattern[str], text: str, at: int = 0) -> str:
    """What the pattern matches of `text` from `at` on; empty where it does not."""
    found = pattern.match(text, at)
    return found.group() if found else ""


def newline(text: str) -> str:
    r"""The end of the first line: "\r\n" or "\n"."""
    return "\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n"


def replaced(lines: list[str], at: int, new: str, *, through: int | None = None) -> str:
    """The text with `new` as the body of line `at`, which stands for all lines up to `through`."""
    last = lines[at if through is None else through]
    end = last[len(body(last)) :]
    rest = lines[(at if through is None else through) + 1 :]
    return "".join([*lines[:at], new + end, *rest])


def inserted(lines: list[str], at: int, *bodies: str) -> str:
    """The text with new lines before line `at`; where the last line had no end, the new last has none."""
    end = newline("".join(lines[:1]))
    if at < len(lines) or not lines or lines[-1] != body(lines[-1]):
        return "".join([*lines[:at], *(new + end for new in bodies), *lines[at:]])
    return "".join(lines) + "".join(end + new for new in bodies)


def removed(lines: list[str], gone: Collection[int]) -> str:
    """The text without the lines `gone`; where the last line had no end, the new last has none."""
    kept = "".join(line for number, line in enumerate(lines) if number not in gone)
    if lines and len(lines) - 1 in gone and lines[-1] == body(lines[-1]):
        return body(kept)
    return kept
