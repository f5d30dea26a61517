"""A percentile of one sample's values: its rank, its interval, how many values it needs."""

from __future__ import annotations

import math
from functools import lru_cache

from scipy.special import bdtr, bdtrik

_BEYOND = 10
"""Values that have to lie beyond a percentile: with fewer, single values decide where it is."""

_ROUNDING = 1e-9
"""What 99.9 / 100 may be off by, as a share: without it p99.9 would need 10,001 values."""


def needed(percent: float) -> int:
    """The fewest values from which the percentile, 0 < `percent` < 100, is given: n (1 - p) >= 10.

    1,000 for p99, 200 for p95, 20 for the median; below the median the values under it count.
    """
    beyond = min(percent, 100 - percent) / 100
    return math.ceil(_BEYOND / beyond * (1 - _ROUNDING))


def rank(count: int, percent: float) -> int:
    """The rank, 1 ... `count`, of the value that is the percentile: the nearest rank, no interpolation."""
    return min(max(math.ceil(count * percent / 100 * (1 - _ROUNDING)), 1), count)


@lru_cache(maxsize=512)
def interval_ranks(count: int, percent: float, alpha: float = 0.05) -> tuple[int, int] | None:
    """Ranks of the two values that enclose the true percentile with chance 1 - `alpha` or more.

    By order statistics: the number of values below the true percentile is binomial (n, p), whatever the
    distribution (David and Nagaraja, Order Statistics, 2003, section 7.1). Holds for values that do not
    depend on each other; latencies under a backlog do, and their interval is then too narrow. None where so
    few values cannot give the level.
    """
    share, tail = percent / 100, alpha / 2
    low = _last_at_most(tail, count, share) + 1
    high = count - _last_at_most(tail, count, 1 - share)
    return (low, high) if low >= 1 and high <= count else None


def _last_at_most(tail: float, count: int, share: float) -> int:
    """The largest k with P(binomial (`count`, `share`) <= k) <= `tail`; -1 where there is none."""
    if bdtr(0, count, share) > tail:
        return -1
    guess = max(int(bdtrik(tail, count, share)) - 1, 0)
    while bdtr(guess + 1, count, share) <= tail:
        guess += 1
    while bdtr(guess, count, share) > tail:
        guess -= 1
    return guess
