"""What a SQLite database keeps in its own file: journal mode, automatic vacuum, size of pages.

Address: `path` of the database, `pragma`. The texts are those that the pragma gives back.
"""

from __future__ import annotations

import errno
import os
import shlex
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

_TIMEOUT_S = 10.0
_VACUUM_MODES = {"0": "none", "1": "full", "2": "incremental"}
PRAGMAS = ("journal_mode", "auto_vacuum", "page_size")


def read(address: Mapping[str, Any]) -> str | None:
    """The value as the database's file says; None where there is no such file. Raises OSError."""
    if not os.path.exists(address["path"]):  # noqa: PTH110  pathlib would add to the guardian's memory
        return None
    with _opened(address) as database:
        return _value(database, address["pragma"])


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Sets the value; page size and automatic vacuum write the whole database anew (VACUUM).

    Raises OSError where the database is locked, there is none, or it keeps another value.
    """
    if value is None:
        raise OSError(errno.ENOENT, "a database always has this value: it cannot be taken away")
    with _opened(address) as database:
        for statement in _statements(database, address["pragma"], value):
            database.execute(statement)
        kept = _value(database, address["pragma"])
    if kept != value:
        raise OSError(errno.EINVAL, f"the database keeps {address['pragma']} {kept} and not {value}")


def identity(address: Mapping[str, Any]) -> str:
    """Device and inode of the file: another database at the same path is another place."""
    status = os.stat(address["path"])  # noqa: PTH116  as above
    return f"{status.st_dev}:{status.st_ino}"


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The sqlite3 command that sets the value."""
    with _opened(address) as database:
        statements = "; ".join(_statements(database, address["pragma"], value or ""))
    return shlex.join(("sqlite3", address["path"], statements))


def _statements(database: sqlite3.Connection, pragma: str, value: str) -> list[str]:
    if not value.isalnum() or pragma not in PRAGMAS:
        raise OSError(errno.EINVAL, f"'{value}' is no value of {pragma}")
    change = f"PRAGMA {pragma} = {value}"
    if pragma == "journal_mode":
        return [change]
    if pragma == "page_size" and _value(database, "journal_mode") == "wal":
        # A write-ahead log holds pages of one size.
        return ["PRAGMA journal_mode = delete", change, "VACUUM", "PRAGMA journal_mode = wal"]
    return [change, "VACUUM"]


def _value(database: sqlite3.Connection, pragma: str) -> str:
    found = str(database.execute(f"PRAGMA {pragma}").fetchone()[0])
    return _VACUUM_MODES.get(found, found) if pragma == "auto_vacuum" else found


@contextmanager
def _opened(address: Mapping[str, Any]) -> Iterator[sqlite3.Connection]:
    """A connection to a database that is there already; what SQLite raises becomes an OSError."""
    try:
        uri = f"file:{quote(address['path'])}?mode=rw"
        database = sqlite3.connect(uri, uri=True, timeout=_TIMEOUT_S, isolation_level=None)
        try:
            database.execute("PRAGMA schema_version").fetchone()  # else no database has a size of pages too
            yield database
        finally:
            database.close()
    except sqlite3.OperationalError as error:
        raise OSError(errno.EBUSY, f"{address['path']}: {error}") from error
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"{address['path']}: {error}") from error
