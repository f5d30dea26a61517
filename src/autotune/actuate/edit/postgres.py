"""postgresql.conf: `name = value`, of a name that is given several times the last counts.

A value is text without its quotes: 4096MB, on, 'a b' is read as a b. The grammar is that of PostgreSQL's
guc-file.l; no library edits such a file. Lines that are commented out stay so, include lines are not
followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autotune.actuate.edit.lines import body, fault, inserted, proven, removed, replaced, split

_LETTER = r"[A-Za-z_\u0080-\U0010ffff]"
_NAME = rf"{_LETTER}[\w$\u0080-\U0010ffff]*+(?:\.{_LETTER}[\w$\u0080-\U0010ffff]*+)?+"
_STRING = r"'(?:[^'\\]|\\.|'')*'"
_NUMBER = r"[-+]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*|[-+]?[0-9]*\.[0-9]*(?:[eE][-+]?[0-9]+)?"
_UNQUOTED = rf"{_LETTER}[\w\-.:/\u0080-\U0010ffff]*"
_LINE = re.compile(
    rf"[ \t]*+(?P<name>{_NAME})[ \t]*+=?+[ \t]*+"
    rf"(?P<value>{_STRING}|{_NUMBER}|{_UNQUOTED})[ \t]*+(?:#.*)?"
)
_BARE = re.compile(r"[-+]?[0-9]+(?:[A-Za-z]+)?|[-+]?[0-9]+\.[0-9]+|[A-Za-z_][A-Za-z0-9_]*")
_ESCAPE = re.compile(r"''|\\([0-7]{1,3}|.)")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_FILES = frozenset({"include", "include_dir", "include_if_exists"})


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    start: int
    source: str

    @property
    def value(self) -> str:
        if not self.source.startswith("'"):
            return self.source
        return _ESCAPE.sub(_unescaped, self.source[1:-1])


def get(text: str, entry: str) -> str | None:
    """The value of the last line that sets the entry."""
    found = _found(split(text), entry)
    return found[-1].value if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value in the last line that sets the entry, else in a new one at the end."""
    lines = split(text)
    found = _found(lines, entry)
    if value is None:
        return removed(lines, [each.line for each in found])
    if not found:
        return inserted(lines, len(lines), f"{entry} = {_quoted(value, always=False)}")
    last = found[-1]
    line = body(lines[last.line])
    new = _quoted(value, always=last.source.startswith("'"))
    return replaced(lines, last.line, line[: last.start] + new + line[last.start + len(last.source) :])


def _found(lines: list[str], entry: str) -> list[_Found]:
    if not re.fullmatch(_NAME, entry) or entry.lower() in _FILES:
        raise ValueError(f"'{entry}' is no entry: name the parameter, such as shared_buffers")
    found = []
    for number, line in enumerate(map(body, lines)):
        if not line.strip(" \t") or line.lstrip(" \t").startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise fault(number + 1, "is not `name = value`; PostgreSQL would not start with it")
        if parts["name"].lower() == entry.lower():
            found.append(_Found(number, parts.start("value"), parts["value"]))
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code is None:
        return "'"
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF)
    return _SHORT.get(code, code)


def _quoted(value: str, *, always: bool) -> str:
    if not always and _BARE.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
