"""Files of sections: "mysqld.max_connections" is max_connections in [mysqld], "key" one before all sections.

The value is the text as it stands, quotes included, without a comment behind it (` #`, ` ;`). Programs differ
in which of two equal keys they take and in what an indented line means: such entries are refused, as is what
only differs in case. configparser loses comments, ConfigUpdater re-spaces the line it changes, so this is
code of our own.
"""

from __future__ import annotations

import re

from autotune.actuate.edit.lines import body, fault, prefix, proven, removed, replaced, split
from autotune.actuate.edit.sections import HEADER, Given, Sections, add, named

_EXAMPLE = "mysqld.max_connections"
_KEY = re.compile(
    r"(?P<head>(?P<indent>[ \t]*+)(?P<key>[^=: \t]++(?:[ \t]++[^=: \t]++)*+)"
    r"(?P<delimiter>[ \t]*+[=:][ \t]*+))(?P<rest>.*)"
)
_ALONE = re.compile(
    r"(?P<head>[ \t]*+(?P<key>[^=: \t]++(?:[ \t]++(?![#;])[^=: \t]++)*+))(?P<rest>[ \t]*+(?:[#;].*)?)"
)
_VALUE = re.compile(r"""(?:"[^"]*"|'[^']*')(?=[ \t]*(?:$|[ \t][#;]))|(?:[^ \t]|[ \t]++(?![#;]|$))*""")


def get(text: str, entry: str) -> str | None:
    """The value of the entry; empty for a key that stands alone."""
    found = _only(_read(split(text)), *named(entry, _EXAMPLE))
    return found.value if found else None


@proven(get)
def put(text: str, entry: str, value: str | None) -> str:
    """`text` with the value in the entry's line, else in a new one behind the last of its section."""
    lines = split(text)
    section, key = named(entry, _EXAMPLE)
    if ":" in key:
        raise ValueError(f"'{entry}' is no entry: a colon ends a key")
    sections = _read(lines)
    found = _only(sections, section, key)
    if value is None:
        return removed(lines, [found.first] if found else [])
    _check(value)
    if found is None:
        return add(lines, sections, section, _like(lines, sections, section, key) + value)
    head = found.head if re.search(r"[=:][ \t]*$", found.head) else f"{found.head} = "
    line = body(lines[found.first])
    return replaced(lines, found.first, head + value + line[len(found.head) + len(found.source) :])


def _check(value: str) -> None:
    if prefix(_VALUE, value) != value or value != value.strip():
        raise ValueError(f"'{value}' cannot stand here: part of it would be read as a comment, or lost")


def _like(lines: list[str], sections: Sections, section: str, key: str) -> str:
    """`key = ` with the indentation and the spaces of the section's last key."""
    for each in reversed([*sections.given]):
        parts = _KEY.fullmatch(body(lines[each.first]))
        if parts and section in {each.section, ""}:
            return f"{parts['indent']}{key}{parts['delimiter']}"
    spaced = all(" = " in body(lines[each.first]) for each in sections.given)
    return f"{key} = " if spaced else f"{key}="


def _only(sections: Sections, section: str, key: str) -> Given | None:
    found = [g for g in sections.given if g.section == section and g.key.lower() == key.lower()]
    if len(found) > 1:
        places = ", ".join(str(each.first + 1) for each in found)
        raise ValueError(f"'{key}' stands in lines {places}; programs differ in which one counts")
    if found and found[0].hidden:
        raise fault(found[0].first + 1, found[0].hidden)
    return found[0] if found else None


def _read(lines: list[str]) -> Sections:
    given: list[Given] = []
    headers: list[tuple[str, int]] = []
    deepest = None
    for at, line in enumerate(map(body, lines)):
        if not line.strip() or line.lstrip()[0] in "#;!":
            continue
        if header := HEADER.fullmatch(line):
            headers.append((header["name"], at))
            deepest = None
            continue
        one = _one(at, line, headers[-1][0] if headers else "")
        indent = len(line) - len(line.lstrip())
        if deepest is not None and indent > deepest:
            given[-1:] = [_hidden(given[-1], at)]
            given += [] if one is None else [_hidden(one, at)]
            continue
        if one is None:
            raise fault(at + 1, "is neither [section] nor key = value")
        deepest = indent
        given.append(one)
    return Sections(given, headers)


def _one(at: int, line: str, section: str) -> Given | None:
    parts = _KEY.fullmatch(line)
    value = prefix(_VALUE, parts["rest"]) if parts else ""
    if parts is None and (parts := _ALONE.fullmatch(line)) is None:
        return None
    return Given(
        section=section, key=parts["key"], first=at, last=at, head=parts["head"], source=value, value=value
    )


def _hidden(given: Given, at: int) -> Given:
    hidden = f"line {at + 1} is indented deeper than the key before it: some read it as part of that value"
    return Given(
        section=given.section, key=given.key, first=given.first, last=given.last, head=given.head,
        source=given.source, value=given.value, hidden=hidden,
    )  # fmt: skip
