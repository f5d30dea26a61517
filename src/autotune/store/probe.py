"""Why a file cannot be used as a store, found out without touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from autotune.core.errors import StorageError
from autotune.store.tables import APPLICATION, SCHEMA

APPLICATION_ID = 0x6175746F
"""Stands in the header of our SQLite files ("auto"), where it is read without opening the database."""

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_TRIES = 5
"""A file that changes under the look at it is looked at again."""

_APPLICATION_ID_AT = slice(68, 72)


def probe(path: Path, *, timeout_s: float) -> int:
    """The version of the tables in `path`, where that is a whole store of this version or an older one.

    Raises StorageError, saying what the file is and what to do, where it is empty, damaged, another
    program's, or made by a newer autotune. The file stays as it is and nothing is left beside it.
    """
    _check_header(path)
    for _ in range(_TRIES):
        address, changed = _address(path)
        try:
            return _schema(path, address, timeout_s)
        except StorageError:
            if (address, changed) == _address(path):
                raise
    raise locked(path, timeout_s)


def _schema(path: Path, address: str, timeout_s: float) -> int:
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=timeout_s)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
            if found != ["ok"]:
                raise damaged(path, "; ".join(found))
            return _schema_in(path, dict(connection.execute("SELECT key, value FROM meta").fetchall()))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise locked(path, timeout_s) from error
        raise damaged(path, str(error)) from error


def damaged(path: Path, why: str) -> StorageError:
    """The error for a store whose content cannot be relied on."""
    return StorageError(
        f"{path} is damaged ({why}). It was not repaired. Restore it from a backup, or move it away and "
        f"save what can be saved with: sqlite3 {path}.moved .recover | sqlite3 {path}"
    )


def locked(path: Path, timeout_s: float) -> StorageError:
    """The error for a store that another process keeps locked."""
    return StorageError(
        f"{path} is locked by another process, still after {timeout_s:g} s. Everything saved so far is safe. "
        f"End the process that uses it (`fuser {path}` names it) and run the same command again."
    )


def _address(path: Path) -> tuple[str, int]:
    """A read-only address that creates no file beside the database, and when that was last changed.

    A write-ahead log is read too. Without one the file is taken as it stands, which a writer that comes just
    then makes wrong: the second value tells.
    """
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro&immutable=1"
    with suppress(FileNotFoundError):
        mode = "mode=ro" if log.stat().st_size else mode
    return f"file:{quote(str(path.absolute()))}?{mode}", path.stat().st_mtime_ns


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        raise StorageError(f"{path} cannot be read as a store: {error.strerror}.") from error
    if not header:
        raise StorageError(f"{path} is empty: no store was ever in it. Move it away and run again.")
    if not header.startswith(_MAGIC):
        raise StorageError(
            f"{path} is not a store of autotune: it is no SQLite database. It was left as it is. "
            "Move it away, or restore it from a backup if a store should be here."
        )
    if len(header) < _HEADER_BYTES:
        raise damaged(path, "it is cut off")
    if int.from_bytes(header[_APPLICATION_ID_AT]) != APPLICATION_ID:
        raise _foreign(path)


def _schema_in(path: Path, meta: dict[str, str]) -> int:
    if meta.get("application") != APPLICATION:
        raise _foreign(path)
    schema = meta.get("schema", "")
    if not schema.isdecimal():
        raise damaged(path, f"its schema version is '{schema}'")
    if int(schema) > SCHEMA:
        raise StorageError(
            f"{path} was made by a newer autotune ({meta.get('made_by', 'unknown')}, schema {schema}; this "
            f"one knows schema {SCHEMA}). It was left as it is. Use that version, or move the file away."
        )
    return int(schema)


def _foreign(path: Path) -> StorageError:
    return StorageError(
        f"{path} is another program's SQLite database, not a store of autotune. It was left as it is. "
        "Move it away, or choose another folder for the reports."
    )
