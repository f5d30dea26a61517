"""A run as it was saved: every row of it, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from autotune.model.run import Confirmation, Contest, RunRecord
from autotune.model.trial import Trial
from autotune.store.rows import (
    block_of,
    confirmation_of,
    contest_of,
    index_of,
    paired_of,
    phase_of,
    sample_of,
    sentinel_of,
    trial_of,
)
from autotune.store.tables import confirmation, contest, phase, run, sample, trial


def record(connection: Connection, row: Row[Any], *, series: bool) -> RunRecord:
    """The whole run whose line in the table of runs is `row`; with the resource series where asked."""
    samples = _samples(connection, row.id, series=series)
    query = select(phase).where(phase.c.run_id == row.id).order_by(phase.c.position)
    phases = connection.execute(query).all()  # at once: a half-read answer keeps the file open
    return RunRecord(
        run=row.run,
        study=row.study,
        document=row.document,
        host=row.host,
        stopped=row.stopped,
        baseline=tuple(sample_of(r) for r in samples["baseline", None]),
        trials=_trials(connection, row.id, samples),
        sentinels=tuple(sentinel_of(r) for r in _sentinels(samples)),
        contests=_contests(connection, row.id, samples),
        confirmations=_confirmations(connection, row.id, samples),
        phases=tuple(phase_of(r) for r in phases),
    )


def run_row(connection: Connection, name: str) -> Row[Any] | None:
    """The line of the run called `name`, if there is one."""
    return connection.execute(select(run).where(run.c.run == name)).one_or_none()


def latest_row(connection: Connection, study: str | None) -> Row[Any] | None:
    """The line of the run begun last, of `study` where it is given."""
    query = select(run).order_by(run.c.id.desc()).limit(1)
    if study is not None:
        query = query.where(run.c.study == study)
    return connection.execute(query).one_or_none()


_Places = Mapping[tuple[str, int | None], Sequence[Row[Any]]]


def _samples(connection: Connection, run_id: int, *, series: bool) -> _Places:
    """Rows of all samples by role with trial, attempt or contest, each in the order of measuring."""
    columns = [c for c in sample.c if series or c is not sample.c.series]
    query = select(*columns).where(sample.c.run_id == run_id)
    query = query.order_by(sample.c.index, sample.c.pair, sample.c.turn, sample.c.id)
    found: dict[tuple[str, int | None], list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        whose = {"confirmation": row.attempt, "contest": row.contest}.get(row.role, row.trial)
        found[row.role, whose].append(row)
    return found


def _trials(connection: Connection, run_id: int, samples: _Places) -> tuple[Trial, ...]:
    rows = connection.execute(select(trial).where(trial.c.run_id == run_id).order_by(trial.c.number))
    return tuple(trial_of(r, tuple(sample_of(s) for s in samples["trial", r.number])) for r in rows)


def _sentinels(samples: _Places) -> list[Row[Any]]:
    """Rows of the sentinels in the order of measuring: before one trial, the baseline comes first."""
    found = [row for (role, _), rows in samples.items() if role == "sentinel" for row in rows]
    return sorted(found, key=lambda row: (row.trial, index_of(row)))


def _contests(connection: Connection, run_id: int, samples: _Places) -> tuple[Contest, ...]:
    query = select(contest).where(contest.c.run_id == run_id).order_by(contest.c.number)
    return tuple(
        contest_of(r, tuple(block_of(s) for s in sorted(samples["contest", r.number], key=lambda s: s.id)))
        for r in connection.execute(query)
    )


def _confirmations(connection: Connection, run_id: int, samples: _Places) -> tuple[Confirmation, ...]:
    query = select(confirmation).where(confirmation.c.run_id == run_id).order_by(confirmation.c.attempt)
    return tuple(
        confirmation_of(r, tuple(paired_of(s) for s in samples["confirmation", r.attempt]))
        for r in connection.execute(query)
    )
