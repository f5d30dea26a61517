"""SQLite beneath a store: files made whole or not at all, and durable connections."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from autotune import __version__
from autotune.core.errors import StorageError
from autotune.core.files import sync_folder
from autotune.store.probe import APPLICATION_ID
from autotune.store.tables import APPLICATION, SCHEMA, meta, metadata

Mode: TypeAlias = Literal["create", "write", "read"]

_DURABLE = ("synchronous = FULL", "foreign_keys = ON")
_IN_THE_FILE = ("journal_mode = WAL", f"application_id = {APPLICATION_ID}")
_PRAGMAS: dict[Mode, tuple[str, ...]] = {
    "create": (*_IN_THE_FILE, *_DURABLE),
    "write": _DURABLE,
    "read": (*_DURABLE, "query_only = ON"),
}

_dumps = partial(json.dumps, separators=(",", ":"), allow_nan=False)


def create(path: Path) -> None:
    """An empty store at `path`, unless a file is there already.

    Several processes may create at once: one does, the others wait for it. The store is built under another
    name and renamed when it is on disk, so that a crash leaves no half of it. Raises StorageError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _folder_locked(path.parent):
            if not path.exists():
                _build(path)
    except (OSError, SQLAlchemyError) as error:
        why = error.strerror if isinstance(error, OSError) else getattr(error, "orig", error)
        raise StorageError(f"The store {path} cannot be created: {why}. Nothing was left behind.") from error


@contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    """Holds the folder's own lock: no lock file stays behind, and it dies with the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _build(path: Path) -> None:
    draft = path.with_name(f".{path.name}.new")
    _discard(draft)  # what a killed creator left; nobody else builds while we hold the lock
    try:
        _fill(draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(path.parent)
    finally:
        _discard(draft)


def _fill(draft: Path) -> None:
    engine = connect(draft, timeout_s=0, mode="create")
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            facts = {"application": APPLICATION, "schema": str(SCHEMA), "made_by": __version__}
            connection.execute(insert(meta), [{"key": k, "value": v} for k, v in facts.items()])
    finally:
        engine.dispose()


def _discard(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            draft.with_name(draft.name + suffix).unlink()


def connect(path: Path, *, timeout_s: float, mode: Mode = "write") -> Engine:
    """An engine on the file with one connection: write-ahead log, each commit on disk when it returns.

    A transaction of a connection with the execution option `writes` takes the write lock as it begins and
    waits for it up to `timeout_s`, with SQLite's own growing pauses. In mode `read` every write is refused,
    and a folder that cannot be written is no hindrance.
    """
    engine = create_engine(
        "sqlite://",
        creator=partial(_connection, path, timeout_s, mode),
        poolclass=StaticPool,
        json_serializer=_dumps,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _connection(path: Path, timeout_s: float, mode: Mode) -> sqlite3.Connection:
    opened = {"create": "rwc", "write": "rw", "read": "rw"}[mode]
    if mode == "read" and not all(os.access(place, os.W_OK) for place in (path, path.parent)):
        opened = "ro&immutable=1"
    address = f"file:{quote(str(path.absolute()))}?mode={opened}"
    # isolation_level None: transactions begin where we say so, not where the driver guesses.
    connection = sqlite3.connect(
        address, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS[mode]:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a lock that is asked for in the middle of a transaction cannot be waited for.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
