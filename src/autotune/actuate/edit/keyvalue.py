"""`KEY=value`, `key = value` and `export KEY=value`: environment files, shell defaults, sysctl.conf.

Of a key that is given several times the last counts. The value is text without its quotes. Where `=` has no
spaces around, a shell may read the file: values are quoted as it needs. Where it has, they are written as
they are. No library keeps such files byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autotune.actuate.edit.lines import body, fault, inserted, prefix, proven, removed, replaced, split

_KEY = r"[^\s=#\"';!\0][^\s=#\"'\0]*"
_LINE = re.compile(
    rf"(?P<head>[ \t]*(?P<export>export[ \t]+)?(?P<key>{_KEY})(?P<before>[ \t]*)=(?P<after>[ \t]*))"
    r"(?P<rest>.*)"
)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"(?=[ \t]*$|[ \t]+#)')
_SINGLE = re.compile(r"'([^']*)'(?=[ \t]*$|[ \t]+#)")
_BARE = re.compile(r"(?:[^ \t]|[ \t]++(?!#|$))*")
_SHELL = re.compile(r"""(?:[^ \t"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|[ \t]++(?!\#|$))*""")
_SAFE = re.compile(r"[A-Za-z0-9_./:,@%+=-]*")
_ESCAPED = re.compile(r'\\(["\\$`])')
_EXPANDED = re.compile(r"(?<!\\)(?:\\\\)*[$`]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A line that sets a key: its value, how the value is written, and why it cannot be edited, if so."""

    line: int
    last: int
    key: str
    head: str
    spaced: bool
    export: bool
    source: str
    value: str
    quote: str
    hidden: str


def get(text: str, entry: str) -> str | None:
    """The value of the last line that sets the entry."""
    found = _of(_read(split(text)), entry)
    return found[-1].value if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value in the last line that sets the entry, else in a new one at the end."""
    lines = split(text)
    every = _read(lines)
    found = _of(every, entry)
    if value is None:
        return removed(lines, [each.line for each in found])
    if not found:
        return inserted(lines, len(lines), _new(every, entry, value))
    last = found[-1]
    line = body(lines[last.line])
    bare = last.spaced or bool(re.search(r"\s", last.value) and not last.quote)
    new = _written(value, quote=last.quote, bare=bare)
    return replaced(lines, last.line, last.head + new + line[len(last.head) + len(last.source) :])


def _new(every: list[_Found], entry: str, value: str) -> str:
    like = every[-1] if every else None
    spaced = like is not None and like.spaced
    export = "export " if like is not None and like.export else ""
    return f"{export}{entry}{' = ' if spaced else '='}{_written(value, quote='', bare=spaced)}"


def _of(every: list[_Found], entry: str) -> list[_Found]:
    if not re.fullmatch(_KEY, entry):
        raise ValueError(f"'{entry}' is no entry: name the key, such as MALLOC_ARENA_MAX")
    found = [each for each in every if each.key == entry]
    for each in found:
        if each.hidden:
            raise fault(each.line + 1, each.hidden)
    return found


def _read(lines: list[str]) -> list[_Found]:
    every = []
    at = 0
    while at < len(lines):
        last = at
        while _continued(body(lines[last])) and last + 1 < len(lines):
            last += 1
        parts = _LINE.fullmatch(body(lines[at]))
        if parts:
            every.append(_one(parts, at, last))
        at = last + 1
    return every


def _continued(line: str) -> bool:
    """Whether the line ends with a backslash that is not itself escaped."""
    return not line.lstrip().startswith("#") and (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _one(parts: re.Match[str], at: int, last: int) -> _Found:
    spaced = bool(parts["before"] or parts["after"])
    source, value, quote, hidden = _value(parts["rest"], spaced=spaced, line=at + 1)
    if last > at or _continued(parts["rest"]):
        hidden = f"'{parts['key']}' goes on over the end of the line, which cannot be edited"
    return _Found(
        line=at, last=last, key=parts["key"], head=parts["head"], spaced=spaced, export=bool(parts["export"]),
        source=source, value=value, quote=quote, hidden=hidden,
    )  # fmt: skip


def _value(rest: str, *, spaced: bool, line: int) -> tuple[str, str, str, str]:
    """Source, value, quote, and what keeps it from being edited."""
    if found := _DOUBLE.match(rest):
        expands = "" if not _EXPANDED.search(found[1]) else "the value is expanded by the shell that reads it"
        return found.group(), _ESCAPED.sub(r"\1", found[1]), '"', expands
    if found := _SINGLE.match(rest):
        return found.group(), found[1], "'", ""
    if rest[:1] in {"'", '"'} and rest.count(rest[0]) == 1 and not _continued(rest):
        raise fault(line, "a quote is not closed in its line")
    bare = prefix(_BARE if spaced else _SHELL, rest)
    after = rest[len(bare) :].lstrip(" \t")
    if after and after[0] != "#" and not _continued(rest):
        raise fault(line, "a quote is not closed in its line")
    hidden = ""
    if not spaced and re.search(r"[$`]", bare):
        hidden = "the value is expanded by the shell that reads it"
    elif not spaced and re.search(r"[;&|<>()]", bare):
        hidden = "the line has more than a value for the shell that reads it"
    elif re.search("[\"']", bare) and (not spaced or "#" in rest):
        hidden = "the value is partly in quotes, which cannot be edited"
    return bare, bare, "", hidden


def _written(value: str, *, quote: str, bare: bool) -> str:
    """`value` between the quotes that it had, or as it needs."""
    if bare and not quote:
        source, read, _, hidden = (
            _value(value, spaced=True, line=1) if value[:1] not in {'"', "'"} else ("",) * 4
        )
        if (source, read, hidden) != (value, value, "") or _continued(value):
            raise ValueError(f"'{value}' cannot stand here without quotes, and this file has none")
        return value
    if not quote and _SAFE.fullmatch(value):
        return value
    if quote != '"' and "'" not in value:
        return f"'{value}'"
    escaped = re.sub(r'(["\\$`])', r"\\\1", value)
    return f'"{escaped}"'
