"""What a run changed on the machine: the seconds that it took, and values that became others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autotune.core.units import show_seconds
from autotune.model.run import RunRecord
from autotune.model.space import Value, shown
from autotune.model.trial import Sample


def seconds(record: RunRecord) -> tuple[float, float]:
    """Seconds that the samples took to change the machine, and those for all else: reset, command, check."""
    samples = list(_all(record))
    changing = sum(sample.changing_s for sample in samples)
    return changing, sum(sample.total_s for sample in samples) - changing


def spent(record: RunRecord) -> dict[str, float]:
    """Where the seconds of all samples went: changing the machine, measuring, and what else they held.

    `restarting` a service and `resetting` its data are parts of the two, as far as a driver tells them.
    """
    changing, measuring = seconds(record)
    return {
        "changing": changing,
        "measuring": measuring,
        "restarting": _told(record, "service_restart_s"),
        "resetting": _told(record, "reset_s"),
    }


def _told(record: RunRecord, name: str) -> float:
    """The sum of a resource over all samples; 0 where no sample has it."""
    return sum(r.value or 0.0 for sample in _all(record) for r in sample.resources if r.name == name)


def seconds_told(record: RunRecord) -> str:
    """The same in words; empty where nothing of the machine was changed."""
    changing, measuring = seconds(record)
    if not changing:
        return ""
    return f"changing the machine took {show_seconds(changing)}, measuring {show_seconds(measuring)}"


def coerced_told(coerced: Mapping[str, tuple[Value, Value]]) -> str:
    """What the machine made of the values that were asked; empty where it took them as they were."""
    told = (f"{name} {shown(asked)} became {shown(became)}" for name, (asked, became) in coerced.items())
    return f"coerced: {', '.join(told)}" if coerced else ""


def coerced_data(coerced: Mapping[str, tuple[Value, Value]]) -> dict[str, dict[str, Value]]:
    """The same as JSON holds it."""
    return {name: {"asked": asked, "effective": became} for name, (asked, became) in coerced.items()}


def _all(record: RunRecord) -> Iterator[Sample]:
    yield from record.baseline
    for trial in record.trials:
        yield from trial.samples
    yield from (one.sample for one in record.sentinels)
    yield from (one.sample for contest in record.contests for one in contest.samples)
    yield from (one.sample for confirmation in record.confirmations for one in confirmation.samples)
