"""How small an effect so many pairs show, or how many pairs an effect needs."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from autotune.judge.signedrank import Interval

_POWER = NormalDist().inv_cdf(0.8)
_MOST_MORE = 1000  # pairs that nobody will run


def smallest_shift(tested: Interval) -> float:
    """Shift that the interval's own test finds in 80 % of comparisons: (z_level + z_power) standard errors.

    The error is that of `Interval.error`: from the width, so that outliers and failures weigh as little as
    they do in the test, and small numbers of pairs are not flattered by the normal approximation.
    """
    return (NormalDist().inv_cdf(1 - tested.alpha / 2) + _POWER) * tested.error


def needed_pairs(found: Interval, *, pairs: int, distance: float, level: float) -> float:
    """Pairs that find a shift of `distance` > 0 at two-sided `level` with 80 % power.

    For a spread as that of the `pairs` pairs which `found` rests on; the error falls with their root.
    """
    of_one = found.error * sqrt(pairs)
    root = (NormalDist().inv_cdf(1 - level / 2) + _POWER) * of_one / distance
    return root * root


def more_pairs(found: Interval | None, *, pairs: int, distance: float, level: float) -> int | None:
    """Pairs beyond `pairs` that tell the estimate from a bound at `distance`, at two-sided `level`.

    With 80 % power, if the estimate is true and the spread stays. None without an interval, and where more
    than a thousand would be needed.
    """
    if found is None or distance <= 0:
        return None
    needed = needed_pairs(found, pairs=pairs, distance=distance, level=level)
    return max(ceil(needed) - pairs, 1) if needed <= pairs + _MOST_MORE else None
