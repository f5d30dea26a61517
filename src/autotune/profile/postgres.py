"""Exports parameters of PostgreSQL as a file that postgresql.conf includes."""

from __future__ import annotations

import re

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, left, written
from autotune.profile.place import place_of
from autotune.profile.words import one_line

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_USE = "Add to postgresql.conf: include_if_exists 'THIS_FILE'. Then reload, or restart where a scope says so."


def export(profile: Profile) -> str:
    """`name = value` per parameter of PostgreSQL, under comments that say what is proven.

    Raises UsageError where there is none, or a name or value cannot stand in such a file; RefusedError for a
    key that is never set.
    """
    taken = chosen(profile, lambda c: place_of(c.apply).system == "postgres", "no parameter of PostgreSQL")
    scopes = sorted({change.scope for change in taken})
    lines = commented((*comments(profile, taken), _USE, f"scopes: {', '.join(scopes)}"))
    return "\n".join([*lines, *map(_line, taken)]) + "\n"


def _line(change: Change) -> str:
    name = change.apply.options.get("key" if change.apply.actuator == "file" else "name", "")
    if not _NAME.fullmatch(name):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no parameter of PostgreSQL")
    text = written(change, "postgres")
    if text is None:
        return left(name)
    if _NUMBER.fullmatch(text):
        return f"{name} = {text}"
    quoted = text.replace("\\", "\\\\").replace("'", "''")
    return f"{name} = '{quoted}'"
