"""Whether the baseline itself changed while the search went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used

from autotune.judge.warmup import warm_up
from autotune.model.run import RunRecord
from autotune.model.trial import State

_RARE = 0.01
"""Chance alone says "drift" in so many of the runs whose baseline stays as it is."""

_FEWEST = 6
"""Values in perfect order have p = .0167 with 5 of them, .0028 with 6."""

_FEWEST_LATER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A change of the baseline over the search that is larger than chance.

    `change` is in the metric's unit, from the first trial to the last sentinel; `share` the same as a share
    of where it began (None where that is not positive); `samples` the number of values behind it.
    """

    metric: str
    change: float
    share: float | None
    p_value: float
    samples: int

    def sentence(self) -> str:
        """The drift in words."""
        by = f"{self.change:+.4g}" if self.share is None else f"{100 * self.share:+.3g} %"
        return (
            f"the baseline's {self.metric} changed by {by} in the course of the search, which is more than "
            f"chance (Mann-Kendall, p = {self.p_value:.2g}, {self.samples} samples): trials far apart are "
            "compared with care; the verdict rests on pairs that ran next to each other"
        )


def watched(record: RunRecord, metric: str) -> str:
    """What the run's sentinels say of drift, in words, also where they say nothing; empty without any."""
    if not record.sentinels:
        return ""
    if found := baseline_drift(record, metric):
        return found.sentence()
    first, later = _first(record, metric), _later(record, metric)
    over = f"{len(later)} sentinel{'s' * (len(later) != 1)} (the baseline measured again during the search)"
    if len(later) < _FEWEST_LATER or len(first) + len(later) < _FEWEST:
        return (
            f"drift cannot be told from {over} and {len(first)} first samples: that takes {_FEWEST} values, "
            f"{_FEWEST_LATER} of them sentinels"
        )
    return f"no drift seen over {over} and {len(first)} first samples"


def baseline_drift(record: RunRecord, metric: str) -> Drift | None:
    """The drift that the run's baseline samples and sentinels show; None where they show none."""
    first, later = _first(record, metric), _later(record, metric)
    if len(later) < _FEWEST_LATER:
        return None
    return drift([*first, *(value for _, value in later)], [0] * len(first) + [at for at, _ in later], metric)


def _first(record: RunRecord, metric: str) -> list[float]:
    """The baseline's first values, without a warm-up."""
    found = [s.metrics[metric] for s in record.baseline if s.state is State.OK and metric in s.metrics]
    return found[warm_up(found) :]


def _later(record: RunRecord, metric: str) -> list[tuple[int, float]]:
    """The values of the baseline's sentinels, each with the trial before which it was measured."""
    return [
        (x.before, x.sample.metrics[metric])
        for x in record.sentinels
        if x.trial < 0 and x.sample.state is State.OK and metric in x.sample.metrics
    ]


def drift(values: Sequence[float], at: Sequence[int], metric: str) -> Drift | None:
    """The drift of (n,) `values` measured before the trials (n,) `at`, in order; None where there is none.

    The test is Mann (1945) and Kendall (1975): the rank correlation tau of the values with their order, exact
    for small n without ties. It asks for a trend one way, whatever the distribution, and takes samples as
    independent: noise that lasts over many samples is itself such a change. The size is the slope of Theil
    (1950) and Sen (1968).
    """
    if len(values) < _FEWEST or len(set(values)) == 1:
        return None
    p_value = float(scipy.stats.kendalltau(np.arange(len(values)), values).pvalue)
    if not p_value < _RARE:
        return None
    slope, start, *_ = scipy.stats.theilslopes(values, at)
    change = float(slope) * (at[-1] - at[0])
    begin = float(start) + float(slope) * at[0]
    return Drift(
        metric=metric,
        change=change,
        share=change / begin if begin > 0 else None,
        p_value=p_value,
        samples=len(values),
    )
