"""The results of one commit after the other, in a SQLite file or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from autotune.core.errors import StorageError, UsageError
from autotune.core.redact import redacted
from autotune.store.sqlite import connect

SCHEMA = 1
"""Version of these tables; a history with a higher one is refused, one with a lower one is brought up."""

_POSTGRES = ("postgresql://", "postgres://")
_WAIT_S = 60.0
"""For another process that writes to the same file."""

_LOCK = 0x6175746F  # an advisory lock of PostgreSQL: of two that make the tables one waits

_metadata = sa.MetaData()

_meta = sa.Table(
    "history_meta",
    _metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

_result = sa.Table(
    "history_result",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("measured", sa.String, nullable=False),
    sa.Column("commit", sa.String, nullable=False),
    sa.Column("committed", sa.String, nullable=False),
    sa.Column("subject", sa.JSON, nullable=False),
    sa.Column("workload", sa.String, nullable=False),
    sa.Column("metric", sa.String, nullable=False),
    sa.Column("unit", sa.String, nullable=False),
    sa.Column("direction", sa.String, nullable=False),
    sa.Column("samples", sa.JSON, nullable=False),
    sa.Column("machine", sa.JSON, nullable=False),
    sa.UniqueConstraint("commit", "workload", "metric", "measured"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One metric of one workload at one commit: `samples` in the order in which they were measured.

    `measured` and `committed` are ISO 8601 stamps, `machine` the fingerprint of where it was measured.
    """

    measured: str
    commit: str
    committed: str
    subject: str
    workload: str
    metric: str
    unit: str
    direction: str
    samples: Sequence[float]
    machine: Mapping[str, str]


class History:
    """Results in the order of their commits; made by `History.open`, a context manager.

    Every method raises StorageError where the database cannot be used; what was kept before stays.
    """

    def __init__(self, engine: sa.Engine, shown: str) -> None:
        self._engine, self._shown = engine, shown

    @classmethod
    def open(cls, place: str) -> Self:
        """The history in the file or database `place`, made where there is none.

        Raises UsageError for a database that this installation has no driver for, StorageError for one of a
        later version.
        """
        shown = redacted(place)
        found = cls(_engine(place), shown)
        with ExitStack() as failing:
            failing.callback(found._engine.dispose)
            with found._asking():
                _bring_up(found._engine, shown)
            failing.pop_all()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def add(self, results: Sequence[Result]) -> int:
        """Keeps them, each once; how many were new. All of them are kept, or none."""
        new = 0
        with self._asking(), self._engine.begin() as connection:
            for result in results:
                new += self._add(connection, result)
        return new

    def _add(self, connection: sa.Connection, result: Result) -> bool:
        values = {c.name: getattr(result, c.name) for c in _result.columns if c.name != "id"}
        values |= {"samples": list(result.samples), "machine": dict(result.machine)}
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(_result).values(**values))
        except IntegrityError:
            return False
        return True

    def results(self, *, workload: str = "", metric: str = "") -> list[Result]:
        """Those of a workload and a metric (all where it is empty), the oldest commit first."""
        wanted = sa.select(_result).order_by(_result.c.committed, _result.c.measured, _result.c.id)
        for column, value in ((_result.c.workload, workload), (_result.c.metric, metric)):
            wanted = wanted.where(column == value) if value else wanted
        with self._asking(), self._engine.connect() as connection:
            return [_read(row) for row in connection.execute(wanted).mappings()]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise StorageError(f"the history {self._shown} cannot be used: {redacted(why)}") from error


def _read(row: Mapping[Any, Any]) -> Result:
    return Result(**{name: row[name] for name in Result.__slots__})


def _engine(place: str) -> sa.Engine:
    if place.startswith(_POSTGRES):
        address = sa.make_url(place).set(drivername="postgresql+psycopg")
        try:
            return sa.create_engine(address)
        except ModuleNotFoundError as error:
            raise UsageError(
                "a history in PostgreSQL needs psycopg: pip install 'autotune-harness[postgres]'"
            ) from error
    if "://" in place:
        raise UsageError(f"a history is a file, or a postgresql:// address; found {redacted(place)}")
    path = Path(place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent} cannot be made: {error.strerror}") from error
    return connect(path, timeout_s=_WAIT_S, mode="create").execution_options(writes=True)


def _bring_up(engine: sa.Engine, shown: str) -> None:
    """Makes the tables, or runs the steps from their version to this one, in one transaction."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if not sa.inspect(connection).has_table(_meta.name):
            _metadata.create_all(connection)
            connection.execute(sa.insert(_meta).values(key="schema", value=str(SCHEMA)))
            return
        here = _meta.c.key == "schema"
        version = int(connection.scalars(sa.select(_meta.c.value).where(here)).one())
        if version > SCHEMA:
            raise StorageError(
                f"the history {shown} is of version {version}, this autotune knows {SCHEMA}: take a later one"
            )
        operations = Operations(MigrationContext.configure(connection))
        for step in _STEPS[version - 1 :]:
            step(operations)
        connection.execute(sa.update(_meta).where(here).values(value=str(SCHEMA)))


_STEPS: tuple[Callable[[Operations], None], ...] = ()
"""The step at index n leads from version n + 1 to the next."""
