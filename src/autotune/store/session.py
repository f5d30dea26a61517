"""Transactions on a store, with every failure in words that help."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from autotune.core.errors import StorageError, UsageError
from autotune.store.load import run_row
from autotune.store.probe import damaged, locked
from autotune.store.tables import run as runs


class Session:
    """Transactions on the store at `path`: committed when the block ends, undone when it raises.

    Raises StorageError where the disk is full, the store locked for longer than `wait_s`, or damaged.
    """

    def __init__(self, path: Path, engine: Engine, *, wait_s: float) -> None:
        self.path = path
        self._engine = engine
        self._wait_s = wait_s

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; what cannot be made sense of there is damage."""
        with self._transaction(writes=False) as connection:
            try:
                yield connection
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise damaged(self.path, f"a row makes no sense: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, on disk when the block has ended."""
        with self._transaction(writes=True) as connection:
            yield connection

    def row(self, connection: Connection, run: str) -> Row[Any]:
        """The line of the run called `run`; raises UsageError, with those there are, where it is missing."""
        found = run_row(connection, run)
        if found is None:
            known = ", ".join(connection.scalars(select(runs.c.run))) or "none"
            raise UsageError(f"{self.path} holds no run called '{run}'. Runs in it: {known}.")
        return found

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise self._explained(error) from error

    def _explained(self, error: SQLAlchemyError) -> StorageError:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return locked(self.path, self._wait_s)
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return damaged(self.path, str(cause))
        return StorageError(
            f"{self.path} refuses to save or read: {cause}. What was saved before is safe, nothing of this "
            "was written. Make room or mend the disk, then run the same command again: it goes on from there."
        )
