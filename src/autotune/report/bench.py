"""One measured configuration as a table for people and as data for machines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autotune.core.redact import secret_values
from autotune.judge.spread import Spread, spread
from autotune.model.space import Config, shown
from autotune.model.trial import Sample, State
from autotune.model.workload import Workload
from autotune.report.columns import columns
from autotune.report.results import clean, sample_data
from autotune.report.sides import sides_of
from autotune.report.words import NONE, one_line, quantity

SCHEMA = "autotune.bench/1"

_HEADER = ("per sample", "median", "spread", "n", "source", "quality")
_RIGHT = frozenset({1, 3})
_KINDS = {
    "ci95": "spread: 95 % interval of the median, by order statistics",
    "range": "spread: smallest and largest; from 6 samples on it is the 95 % interval of the median",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One metric or resource; `spread` is None where no sample has it."""

    name: str
    unit: str
    values: tuple[float, ...]
    spread: Spread | None
    source: str
    quality: str


def rows(workload: Workload, samples: Sequence[Sample]) -> tuple[Row, ...]:
    """Metrics as declared, resources, and figures of many values, over the good samples."""
    good = [sample for sample in samples if sample.state is State.OK]
    return tuple(
        Row(
            name=side.name,
            unit=side.unit,
            values=side.baseline,
            spread=spread(side.baseline) if side.baseline else None,
            source=side.source,
            quality=side.quality,
        )
        for side in sides_of(workload.metrics, {"baseline": good, "candidate": []})
    )


def table(found: Sequence[Row]) -> str:
    """The rows in aligned columns, and what their spread is."""
    lines = columns([_HEADER, *(_cells(row) for row in found)], right=_RIGHT)
    kinds = dict.fromkeys(row.spread.kind for row in found if row.spread)
    return "\n".join([lines, *(_KINDS[kind] for kind in kinds)])


def title(workload: Workload, config: Config, *, good: int, total: int) -> str:
    """What was measured, in one line."""
    values = ", ".join(f"{name}={shown(value)}" for name, value in config.items())
    count = f"{good} sample{'s' * (good != 1)}" if good == total else f"{good} good samples of {total}"
    return one_line(f"{workload.name}: {count}{f', {values}' if values else ''}")


def data(
    workload: Workload, config: Config, samples: Sequence[Sample], *, about: Mapping[str, Any]
) -> dict[str, Any]:
    """All of it that JSON can hold, with `about` (host, warnings, the start of a process) beside it."""
    plain = {
        "schema": SCHEMA,
        "workload": workload.name,
        "config": config,
        **about,
        "rows": [_row(row) for row in rows(workload, samples)],
        "samples": [sample_data(sample) for sample in samples],
    }
    cleaned: dict[str, Any] = clean(plain, secret_values(workload.env))
    return cleaned


def spread_data(found: Spread) -> dict[str, Any]:
    """A spread as JSON holds it; `interval` is what lies from `low` to `high`."""
    return {
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "interval": found.kind,
        "quartiles": [found.lower_quartile, found.upper_quartile],
        "min": found.least,
        "max": found.most,
        "n": found.count,
    }


def _row(row: Row) -> dict[str, Any]:
    known = spread_data(row.spread) if row.spread else {"n": 0}
    plain = {"name": row.name, "unit": row.unit, **known, "source": row.source, "quality": row.quality}
    return {**plain, "values": row.values}


def _cells(row: Row) -> tuple[str, ...]:
    name, source = one_line(row.name), one_line(row.source)
    if row.spread is None:
        return (name, NONE, NONE, "0", source, row.quality)
    ends = f"[{quantity(row.spread.low, row.unit)}, {quantity(row.spread.high, row.unit)}]"
    middle = quantity(row.spread.median, row.unit)
    return (name, middle, ends, str(row.spread.count), source, row.quality)


def noteworthy(found: Sequence[Row], metrics: Collection[str]) -> tuple[tuple[Row, ...], str]:
    """The rows but those that were 0, or unavailable, in every sample, and a line that names these.

    Metrics, told by their names, always stay.
    """
    zero = [row.name for row in found if row.name not in metrics and row.spread and not any(row.values)]
    missing = [row.name for row in found if row.name not in metrics and not row.spread]
    left = {"0 in every sample": zero, "unavailable": missing}
    kept = tuple(row for row in found if row.name not in {*zero, *missing})
    return kept, "\n".join(f"{what}: {', '.join(names)}" for what, names in left.items() if names)
