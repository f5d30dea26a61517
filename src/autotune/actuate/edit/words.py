"""Lines of words, as redis.conf has them: the first names, the others are the value.

An entry is a name, or a name and the first of its words: "maxmemory", "client-output-buffer-limit replica".
The value is the rest of the line as it is written, quotes included. No library reads these files.
"""

from __future__ import annotations

import re

from autotune.actuate.edit.lines import body, fault, inserted, prefix, proven, removed, replaced, split

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\'|\\(?!'))*')"""
_WORD = re.compile(rf"""[^\s"']*+(?:{_QUOTED})?(?=\s|$)""", re.ASCII)
_SPACES = re.compile(r"\s*", re.ASCII)
_SPACE = " \t\v\f"
_NAME = re.compile(r"[^\s\"'#\0]+")

_ADDING = frozenset(
    {"save", "client-output-buffer-limit", "rename-command", "user", "loadmodule", "include", "sentinel"}
)
"""Directives each line of which adds to those before it, of all others the last counts (redis: config.c)."""


def get(text: str, entry: str) -> str | None:
    """The words after those of the entry, of the last line that begins with them."""
    found = _found(split(text), entry)
    return found[-1][1] if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with these words after those of the entry: in its last line, else in a new one at the end."""
    lines = split(text)
    found = _found(lines, entry)
    if value is None:
        return removed(lines, [number for number, _, _ in found])
    if not value or value != value.strip(_SPACE) or not _words(value):
        raise ValueError(f"'{value}' is no list of words; quotes have to be closed, an empty word is \"\"")
    if not found:
        return inserted(lines, len(lines), f"{' '.join(entry.split())} {value}")
    number, old, start = found[-1]
    line = body(lines[number])
    return replaced(lines, number, line[:start] + value + line[start + len(old) :])


def _found(lines: list[str], entry: str) -> list[tuple[int, str, int]]:
    """Line, value and the value's place of each line that the entry means."""
    wanted = entry.split()
    if not wanted or not all(_NAME.fullmatch(word) for word in wanted):
        raise ValueError(f"'{entry}' is no entry: name the directive, such as maxmemory-policy")
    found = [
        (number, *rest) for number, line in enumerate(lines) if (rest := _rest(number, body(line), wanted))
    ]
    if len(found) > 1 and len(wanted) == 1 and wanted[0].lower() in _ADDING:
        places = ", ".join(str(number + 1) for number, _, _ in found)
        example = f"{entry} {found[0][1].split()[0]}"
        raise ValueError(
            f"'{entry}' stands in lines {places}, which add up; name the one, such as '{example}'"
        )
    return found


def _rest(number: int, line: str, wanted: list[str]) -> tuple[str, int] | None:
    if not line.strip(_SPACE) or line.lstrip(_SPACE).startswith("#"):
        return None
    spans = _words(line)
    if not spans:
        raise fault(number + 1, "a quote is not closed, or something follows right after it")
    words = [line[start:end] for start, end in spans]
    named = [words[0].lower(), *words[1 : len(wanted)]]
    if len(words) <= len(wanted) or named != [wanted[0].lower(), *wanted[1:]]:
        return None
    start = spans[len(wanted)][0]
    return line[start : spans[-1][1]], start


def _words(line: str) -> list[tuple[int, int]]:
    """Begin and end of each word; none where a quote is not closed."""
    spans = []
    at = len(prefix(_SPACES, line))
    while at < len(line):
        word = _WORD.match(line, at)
        if word is None or word.end() == at:
            return []
        spans.append(word.span())
        at = word.end() + len(prefix(_SPACES, line, word.end()))
    return spans
