"""Exports a profile of SQLite pragmas as SQL."""

from __future__ import annotations

import re

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.model.space import Value, shown
from autotune.profile.words import headline, one_line

# In the order in which SQLite has to get them: the page size and the vacuum mode are fixed once the file has
# a page or is in WAL mode. The first three are kept in the file; the others last as long as the connection.
_IN_FILE = ("page_size", "auto_vacuum", "journal_mode")
_PER_CONNECTION = (
    "synchronous",
    "locking_mode",
    "cache_size",
    "cache_spill",
    "mmap_size",
    "temp_store",
    "wal_autocheckpoint",
    "journal_size_limit",
    "secure_delete",
    "automatic_index",
    "busy_timeout",
    "threads",
)
_PRAGMAS = _IN_FILE + _PER_CONNECTION
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_ONCE = "takes effect in a new database; in an existing one leave WAL mode, set it, then run VACUUM"


def export(profile: Profile) -> str:
    """`PRAGMA name = value;` lines in the order that SQLite needs, under comments that say what is proven.

    Raises UsageError for a parameter that is no known pragma, or a value that is no number and no word.
    """
    foreign = [one_line(c.parameter) for c in profile.changes if _pragma(c) not in _PRAGMAS]
    if foreign:
        raise UsageError(
            f"profile '{one_line(profile.name)}' changes {', '.join(foreign)}, "
            "which SQLite has no pragma for. Export it as json or env."
        )
    ordered = sorted(profile.changes, key=lambda change: _PRAGMAS.index(_pragma(change)))
    comments = (
        *headline(profile),
        "For SQLite. Run it on every new connection, in this order: page_size before journal_mode.",
    )
    return "\n".join([*(f"-- {line}" for line in comments), *map(_line, ordered)]) + "\n"


def _pragma(change: Change) -> str:
    """The pragma's name: what the change is applied by, or else what the parameter is called."""
    return change.apply.options.get("name", "") if change.apply.actuator == "pragma" else change.parameter


def _line(change: Change) -> str:
    name = _pragma(change)
    if change.after is None:
        return f"-- {name}: leave it as SQLite has it"
    line = f"PRAGMA {name} = {_literal(change)};"
    return f"{line}  -- {_ONCE}" if name in _IN_FILE[:2] else line


def _literal(change: Change) -> str:
    value: Value = change.after
    text = shown(value)
    if isinstance(value, int) or (isinstance(value, str) and _WORD.fullmatch(value)):
        return text
    raise UsageError(
        f"parameter '{change.parameter}' has the value {one_line(text)[:80]!r}, which no pragma takes"
    )
