"""The pairs of the last confirmation, put together from its samples."""

from __future__ import annotations

from dataclasses import dataclass

from autotune.model.run import Arm, Confirmation, RunRecord
from autotune.model.trial import Sample, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two adjacent samples, one of each arm; one is None while the pair is not complete."""

    number: int
    first: Arm
    baseline: Sample | None
    candidate: Sample | None


def last_pairs(record: RunRecord) -> tuple[Pair, ...]:
    """The measured pairs of the last confirmation in order, without its warm-up."""
    return pairs_of(record.confirmations[-1]) if record.confirmations else ()


def pairs_of(confirmation: Confirmation) -> tuple[Pair, ...]:
    """The pairs of one confirmation in order, without its warm-up; a second run stands for the first."""
    found: dict[int, dict[Arm, Sample]] = {}
    first: dict[int, Arm] = {}
    for paired in confirmation.used:
        if paired.pair < 0:
            continue
        found.setdefault(paired.pair, {})[paired.arm] = paired.sample
        if paired.order == 0:
            first[paired.pair] = paired.arm
    return tuple(
        Pair(
            number=number,
            first=first.get(number, "baseline"),
            baseline=found[number].get("baseline"),
            candidate=found[number].get("candidate"),
        )
        for number in sorted(found)
    )


def value(sample: Sample | None, metric: str) -> float | None:
    """The metric of a good sample; None where it failed, or has not run."""
    if sample is None or sample.state is not State.OK:
        return None
    return sample.metrics.get(metric)


def relative_change(pair: Pair, metric: str) -> float | None:
    """The candidate's change against the baseline as a share; None where one is missing or not positive."""
    before, after = value(pair.baseline, metric), value(pair.candidate, metric)
    if before is None or after is None or before <= 0 or after <= 0:
        return None
    return after / before - 1
