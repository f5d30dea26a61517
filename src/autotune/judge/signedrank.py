"""The exact signed-rank test, inverted to an interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isqrt, sqrt
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats: TypeAlias = NDArray[np.float64]

_MOST_EXACT = 200  # values; beyond, the normal approximation errs by less than 5e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with its interval; `alpha` is what the interval's test really spends on two sides."""

    estimate: float
    low: float
    high: float
    alpha: float

    @property
    def error(self) -> float:
        """Standard error of the estimate that the width stands for; consistent in n (Lehmann 1963)."""
        return (self.high - self.low) / (2 * NormalDist().inv_cdf(1 - self.alpha / 2))


def walsh_averages(values: Floats) -> Floats:
    """Means of all pairs of `values`, each with itself too: (n,) gives (n (n + 1) / 2,) in rising order."""
    first, second = _both(len(values))
    return np.sort((values[first] + values[second]) / 2)


def p_value(averages: Floats) -> float:
    """Two-sided p of "symmetric around 0" from Walsh averages: the signed-rank test (Wilcoxon 1945).

    The statistic is how many averages lie on the rarer side of 0 (Tukey 1949). An average of 0, from a zero
    or a tie, counts against a difference: the null distribution of untied ranks then holds as a bound, and
    the p-value is never too small. All zero gives 1.
    """
    against = min(np.searchsorted(averages, 0.0, "right"), len(averages) - np.searchsorted(averages, 0.0))
    return min(1.0, 2 * float(_null(_count(averages))[against]))


def interval(averages: Floats, alpha: float) -> Interval | None:
    """Hodges-Lehmann estimate and the shifts that the test above does not reject at two-sided `alpha`.

    It leaves out 0 exactly where `p_value` is at most `alpha` (Hodges and Lehmann 1963). None where so few
    values can reject nothing at this level.
    """
    null = _null(_count(averages))
    outside = int(np.searchsorted(2 * null[: (len(averages) + 1) // 2], alpha, "right"))
    if outside == 0:
        return None
    return Interval(
        estimate=float(np.median(averages)),
        low=float(averages[outside - 1]),
        high=float(averages[len(averages) - outside]),
        alpha=2 * float(null[outside - 1]),
    )


@lru_cache(maxsize=64)
def _both(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count)


def _count(averages: Floats) -> int:
    return (isqrt(8 * len(averages) + 1) - 1) // 2


@lru_cache(maxsize=128)
def _null(count: int) -> Floats:
    """P(T <= t) for t = 0 ... n (n + 1) / 2, where each rank counts with probability one half."""
    most = count * (count + 1) // 2
    if count > _MOST_EXACT:
        spread = sqrt(most * (2 * count + 1) / 12)
        approximate: Floats = ndtr((np.arange(most + 1) + 0.5 - most / 2) / spread)
        return approximate
    chances = np.zeros(most + 1)
    chances[0] = 1.0
    for rank in range(1, count + 1):
        shifted = np.concatenate([np.zeros(rank), chances[:-rank]])
        chances = (chances + shifted) / 2
    return np.cumsum(chances)
