"""What ini files and systemd units share: sections of lines that give keys values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autotune.actuate.edit.lines import body, inserted

HEADER = re.compile(r"[ \t]*\[(?P<name>[^\]]*)\][ \t]*(?:[#;].*)?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\.(.+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A key in its section: lines `first` to `last`, and what of the first line stands before the value.

    `source` is the value as it stands in the first line; `hidden` says why it cannot be edited.
    """

    section: str
    key: str
    first: int
    last: int
    head: str
    source: str
    value: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """All keys of a text in their order, and the line of each section's header ("" begins at -1)."""

    given: Sequence[Given]
    headers: Sequence[tuple[str, int]]


def named(entry: str, example: str) -> tuple[str, str]:
    """Section and key of an entry: the first dot parts them, a section with dots stands in double quotes.

    Without a dot the key is one before all sections. Raises ValueError where the entry names no key.
    """
    if found := _QUOTED.fullmatch(entry):
        section, key = re.sub(r"\\(.)", r"\1", found[1]), found[2]
    elif "." in entry:
        section, _, key = entry.partition(".")
    else:
        section, key = "", entry
    wrong = re.search(r"[\]\n\r\0]", section) or section != section.strip() or ("." in entry and not section)
    if wrong or not key or key != key.strip() or key[0] in "[#;" or re.search(r"[=\n\r\0]", key):
        raise ValueError(f"'{entry}' is no entry: name section and key, such as {example}")
    return section, key


def add(lines: list[str], sections: Sections, section: str, line: str) -> str:
    """The text with `line` after the last key of `section`, which is made at the end where there is none."""
    own = [at for name, at in sections.headers if name == section]
    if not own:
        if section == "":
            first = min((at for _, at in sections.headers), default=len(lines))
            return inserted(lines, first, line)
        gap = [""] if lines and body(lines[-1]).strip() else []
        return inserted(lines, len(lines), *gap, f"[{section}]", line)
    last = max([own[-1], *(each.last for each in sections.given if each.section == section)])
    return inserted(lines, last + 1, line)
