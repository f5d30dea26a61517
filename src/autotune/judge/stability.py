"""Whether the samples of one configuration lie too far apart to be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from autotune.model.run import RunRecord
from autotune.model.space import config_key
from autotune.model.trial import Sample, State, Trial

UNSTABLE = 0.3
"""Relative range from which a configuration is unstable: TUNA (EuroSys 2025) marks them so."""

_FEWEST = 3


def relative_range(values: Sequence[float]) -> float | None:
    """(largest - smallest) / |mean| of (n,) `values`; None for fewer than 3 or a mean of 0."""
    if len(values) < _FEWEST:
        return None
    middle = fmean(values)
    return (max(values) - min(values)) / abs(middle) if middle else None


def unstable(values: Sequence[float]) -> bool:
    """Whether the relative range is 0.3 or more. The range grows with n: it is a mark, not a test."""
    spread = relative_range(values)
    return spread is not None and spread >= UNSTABLE


def baseline_values(record: RunRecord, metric: str) -> list[float]:
    """`metric` of the baseline's good samples: first ones and sentinels."""
    again = (x.sample for x in record.sentinels if x.trial < 0)
    return _good((*record.baseline, *again), metric)


def trial_values(record: RunRecord, trial: Trial, metric: str) -> list[float]:
    """`metric` of every good sample of the trial's configuration, in whichever phase it was measured."""
    again = (x.sample for x in record.sentinels if x.trial == trial.number)
    key = config_key(trial.config)
    confirmed = (
        s.sample
        for c in record.confirmations
        if config_key(c.config) == key
        for s in c.used
        if s.arm == "candidate" and s.pair >= 0
    )
    contested = (
        s.sample
        for c in record.contests
        for s in c.samples
        if config_key(c.entrants[s.entrant].config) == key
    )
    return _good((*trial.samples, *again, *contested, *confirmed), metric)


def _good(samples: Iterable[Sample], metric: str) -> list[float]:
    return [s.metrics[metric] for s in samples if s.state is State.OK and metric in s.metrics]
