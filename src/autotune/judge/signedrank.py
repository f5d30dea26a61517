"""The exact signed-rank test, inverted to an interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist

import numpy as np
from scipy.special import ndtr

from autotune.judge.walsh import Averages, Floats

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


def p_value(averages: Averages) -> float:
    """Two-sided p of "symmetric around 0" from Walsh averages: the signed-rank test (Wilcoxon 1945).

    The statistic is how many averages lie on the rarer side of 0 (Tukey 1949). An average of 0, from a zero
    or a tie, counts against a difference: the null distribution of untied ranks then holds as a bound, and
    the p-value is never too small. All zero gives 1.
    """
    against = min(averages.up_to(0.0), len(averages) - averages.below(0.0))
    return min(1.0, 2 * _chance(len(averages.values), against))


def interval(averages: Averages, alpha: float) -> Interval | None:
    """Hodges-Lehmann estimate and the shifts that the test above does not reject at two-sided `alpha`.

    It leaves out 0 exactly where `p_value` is at most `alpha` (Hodges and Lehmann 1963). None where so few
    values can reject nothing at this level.
    """
    outside = _outside(len(averages.values), alpha)
    if outside == 0:
        return None
    return Interval(
        estimate=averages.median,
        low=averages.at(outside - 1),
        high=averages.at(len(averages) - outside),
        alpha=2 * _chance(len(averages.values), outside - 1),
    )


def _chance(count: int, statistic: int) -> float:
    """P(T <= `statistic`), where each of the ranks 1 ... `count` adds to T with probability one half."""
    if count <= _MOST_EXACT:
        return float(_null(count)[statistic])
    most = count * (count + 1) // 2
    spread = sqrt(most * (2 * count + 1) / 12)
    return float(ndtr((statistic + 0.5 - most / 2) / spread))


@lru_cache(maxsize=256)
def _outside(count: int, alpha: float) -> int:
    """How many values of the statistic, from 0 up, have a two-sided p of at most `alpha`."""
    low, high = 0, (count * (count + 1) // 2 + 1) // 2
    while low < high:
        middle = (low + high) // 2
        if 2 * _chance(count, middle) <= alpha:
            low = middle + 1
        else:
            high = middle
    return low


@lru_cache(maxsize=128)
def _null(count: int) -> Floats:
    """P(T <= t) for t = 0 ... n (n + 1) / 2."""
    chances = np.zeros(count * (count + 1) // 2 + 1)
    chances[0] = 1.0
    for rank in range(1, count + 1):
        shifted = np.concatenate([np.zeros(rank), chances[:-rank]])
        chances = (chances + shifted) / 2
    return np.cumsum(chances)
