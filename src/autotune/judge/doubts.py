"""What in the pairs should make the reader doubt the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from autotune.judge.paired import Differences
from autotune.judge.walsh import Floats, walsh_averages

_RARE = NormalDist().inv_cdf(
    1 - 0.01 / 2
)  # a doubt is voiced where chance alone would do so in 1 of 100 comparisons
_FEWEST = 6  # values per group or series below which chance explains anything
_FEWEST_SAMPLES = 20  # below, one skewed group is cut in two too often
_SPLIT = 0.1  # of the variance left by two groups; the best split of normal values leaves .36
_SMALLEST_GROUP = 0.2  # share of the values; fewer are outliers


@dataclass(frozen=True, slots=True)
class Modes:
    """Two groups of values: the middle and the size of each."""

    low: float
    low_count: int
    high: float
    high_count: int


def order_effect(seen: Differences, baseline_first: np.ndarray) -> float | None:
    """Estimate of the pairs that began with the baseline less that of the others, as a change.

    (Hodges-Lehmann in each group.) None where all pairs began with the same arm.
    """
    first, second = seen.values[baseline_first], seen.values[~baseline_first]
    if not len(first) or not len(second):
        return None
    return seen.change(walsh_averages(first).median - walsh_averages(second).median)


def order_matters(seen: Differences, baseline_first: np.ndarray) -> bool:
    """Whether the order within a pair moves the difference by more than chance (rank-sum test, 1 %).

    A state carried from one sample to the next does that; the coin does not remove it.
    """
    fewer = min(np.count_nonzero(baseline_first), np.count_nonzero(~baseline_first))
    return bool(fewer >= _FEWEST) and _moves_with(seen.values, baseline_first.astype(float))


def drifts(seen: Differences) -> bool:
    """Whether the difference changes in the course of the pairs by more than chance (Spearman, 1 %)."""
    count = len(seen.values)
    return count >= _FEWEST and _moves_with(seen.values, np.arange(float(count)))


def _moves_with(values: Floats, cause: Floats) -> bool:
    """Whether the ranks of `values` correlate with `cause`: under permutation r sqrt(n - 1) is nearly normal.

    With a cause of two values this is the rank-sum test with its correction for ties.
    """
    ranks = _ranks(values) - (len(values) + 1) / 2
    centred = cause - cause.mean()
    spread = sqrt(float(ranks @ ranks) * float(centred @ centred))
    return spread > 0 and abs(float(ranks @ centred)) / spread * sqrt(len(values) - 1) > _RARE


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, ties share their mean: scipy.stats has them too, at a second of loading in each run."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[places])


def modes(samples: Floats) -> Modes | None:
    """The two groups that (n,) `samples` fall into; None where they make one, or are too few.

    Two groups where the best cut of the sorted values leaves less than a tenth of the variance within them
    (the criterion of Otsu 1979), and the smaller holds at least a fifth.
    """
    ordered = np.sort(samples[~np.isnan(samples)])
    count = len(ordered)
    if count < _FEWEST_SAMPLES or ordered[0] == ordered[-1]:
        return None
    scaled = (ordered - ordered[0]) / (ordered[-1] - ordered[0])
    least = int(np.ceil(_SMALLEST_GROUP * count))
    cuts = np.arange(least, count - least + 1)
    sums = np.cumsum(scaled - scaled.mean())
    between = sums[cuts - 1] ** 2 / (cuts * (count - cuts))
    best = int(cuts[np.argmax(between)])
    if 1 - between.max() / scaled.var() > _SPLIT:
        return None
    low, high = ordered[:best], ordered[best:]
    return Modes(float(np.median(low)), len(low), float(np.median(high)), len(high))
