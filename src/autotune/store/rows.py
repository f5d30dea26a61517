"""Rows of the tables as the types of the model, both ways."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal, TypeAlias

from sqlalchemy import Row

from autotune.model.run import BlockSample, Confirmation, Contest, Entrant, PairedSample, PhaseTime, Sentinel
from autotune.model.trial import Resource, Sample, State, Trial
from autotune.store import distributions
from autotune.store.block import packed, unpacked

Role: TypeAlias = Literal["baseline", "trial", "sentinel", "contest", "confirmation"]


def sample_columns(sample: Sample) -> dict[str, Any]:
    """What a row holds of the sample itself; where it belongs is the caller's."""
    return {
        "state": str(sample.state),
        "reason": sample.reason,
        "metrics": dict(sample.metrics),
        "counts": dict(sample.counts),
        "resources": [asdict(resource) for resource in sample.resources],
        "started": sample.started,
        "monotonic": sample.monotonic,
        "wall_s": sample.wall_s,
        "total_s": sample.total_s,
        "changing_s": sample.changing_s,
        "coerced": {name: list(both) for name, both in sample.coerced.items()},
        "output": sample.output,
        "warnings": list(sample.warnings),
        "series": packed(sample.series),
        "distributions": distributions.packed(sample.distributions),
    }


def sample_of(row: Row[Any]) -> Sample:
    """The sample in `row`; its series is empty where the row was read without it."""
    fields = row._mapping  # noqa: SLF001  public in SQLAlchemy, the underscore only avoids column names
    return Sample(
        state=State(row.state),
        reason=row.reason,
        metrics=row.metrics,
        counts=row.counts,
        resources=tuple(Resource(**resource) for resource in row.resources),
        series=unpacked(fields.get("series")),
        distributions=distributions.unpacked(row.distributions),
        started=row.started,
        monotonic=row.monotonic,
        wall_s=row.wall_s,
        total_s=row.total_s,
        changing_s=row.changing_s,
        coerced={name: (asked, effective) for name, (asked, effective) in row.coerced.items()},
        output=row.output,
        warnings=tuple(row.warnings),
    )


def trial_of(row: Row[Any], samples: tuple[Sample, ...]) -> Trial:
    """The trial in `row` with its samples in order; raises TypeError where a column holds something else."""
    if not isinstance(row.config, dict) or not isinstance(row.value, float | int | None):
        raise TypeError(f"trial {row.number} has no configuration or a value that is no number")
    further = tuple(row.further)
    if not all(isinstance(value, float | int) for value in further):
        raise TypeError(f"trial {row.number} has a value that is no number")
    return Trial(
        number=row.number,
        config=row.config,
        origin=row.origin,
        state=State(row.state),
        reason=row.reason,
        value=row.value,
        further=further,
        violation=row.violation,
        samples=samples,
    )


def sentinel_of(row: Row[Any]) -> Sentinel:
    """The sample in `row` as one that watches for drift."""
    return Sentinel(before=row.trial, trial=index_of(row), sample=sample_of(row))


def index_of(row: Row[Any]) -> Any:
    """The column `index`, whose name is also that of a method of every row."""
    return row._mapping["index"]  # noqa: SLF001  as above


def paired_of(row: Row[Any]) -> PairedSample:
    """The sample in `row` as one of a confirmation's pairs."""
    return PairedSample(
        attempt=row.attempt,
        pair=row.pair,
        arm=row.arm,
        order=row.turn,
        sample=sample_of(row),
        take=index_of(row) or 0,
    )


def block_of(row: Row[Any]) -> BlockSample:
    """The sample in `row` as one of a contest's blocks."""
    return BlockSample(block=row.pair, entrant=index_of(row), order=row.turn, sample=sample_of(row))


def contest_of(row: Row[Any], samples: tuple[BlockSample, ...]) -> Contest:
    """The planned contest in `row` with its samples in order."""
    entrants = tuple(
        Entrant(trial=one["trial"], config=one["config"], without=tuple(one["without"]))
        for one in row.entrants
    )
    return Contest(
        number=row.number,
        round=row.round,
        stage=row.stage,
        entrants=entrants,
        blocks=row.blocks,
        samples=samples,
    )


def confirmation_of(row: Row[Any], samples: tuple[PairedSample, ...]) -> Confirmation:
    """The planned comparison in `row` with its samples in order."""
    return Confirmation(
        attempt=row.attempt,
        round=row.round,
        trial=row.trial,
        config=row.config,
        alpha=row.alpha,
        pairs=row.pairs,
        samples=samples,
    )


def phase_of(row: Row[Any]) -> PhaseTime:
    """The phase in `row`."""
    return PhaseTime(phase=row.phase, status=row.status, seconds=row.seconds)
