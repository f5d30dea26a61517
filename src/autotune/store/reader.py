"""What a store tells of its runs."""

from __future__ import annotations

import hashlib
import json
import statistics
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import select

from autotune.model.run import RunRecord
from autotune.model.trial import State
from autotune.store import load, tables
from autotune.store.session import Session


class Reader:
    """The reading half of a store; raises StorageError where the store is damaged or locked for too long."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def path(self) -> Path:
        """The file of the store."""
        return self._session.path

    def runs(self) -> list[str]:
        """Names of all runs, oldest first."""
        with self._session.reading() as connection:
            return list(connection.scalars(select(tables.run.c.run).order_by(tables.run.c.id)))

    def latest_run(self, study: str | None = None) -> RunRecord | None:
        """The run begun last (of `study`, where given) without its series; None where there is none."""
        with self._session.reading() as connection:
            row = load.latest_row(connection, study)
            return None if row is None else load.record(connection, row, series=False)

    def load_run(self, run: str, *, series: bool = False) -> RunRecord:
        """All that was saved of the run, in order; raises UsageError where there is no such run.

        A trial that was being measured when the process died is still `running`, with its saved samples.
        """
        with self._session.reading() as connection:
            return load.record(connection, self._session.row(connection, run), series=series)

    def sample_seconds(self, study: str | None = None) -> float | None:
        """Median seconds that a good sample took with reset and check, in the latest run (of `study`)."""
        with self._session.reading() as connection:
            row = load.latest_row(connection, study)
            if row is None:
                return None
            ok = (tables.sample.c.run_id == row.id) & (tables.sample.c.state == State.OK.value)
            seconds = connection.scalars(select(tables.sample.c.total_s).where(ok)).all()
            return statistics.median(seconds) if seconds else None

    def fingerprint(self, run: str) -> str:
        """SHA-256 (hexadecimal) of what was measured in the run, as canonical JSON.

        It covers study, host, configurations, samples, series and confirmations, not the seconds spent in
        phases; so it depends on the content alone, not on the file that holds it.
        """
        content = asdict(replace(self.load_run(run, series=True), phases=()))
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
