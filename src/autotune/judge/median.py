"""The interval of a median from order statistics."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import bdtr

from autotune.judge.signedrank import Interval
from autotune.judge.walsh import Floats


def median_interval(values: Floats, alpha: float) -> Interval | None:
    """Median of (n,) `values` and its two-sided 1 - `alpha` interval, by inverting the sign test.

    Holds for independent values of any distribution. None where so few values cannot give the level.
    """
    chances = _chances(len(values))
    outside = int(np.searchsorted(chances[: (len(values) + 1) // 2], alpha, "right"))
    if outside == 0:
        return None
    ordered = np.sort(values)
    return Interval(
        estimate=float(np.median(ordered)),
        low=float(ordered[outside - 1]),
        high=float(ordered[len(ordered) - outside]),
        alpha=float(chances[outside - 1]),
    )


@lru_cache(maxsize=512)
def _chances(count: int) -> Floats:
    """Two-sided chance that at most k of `count` values lie on one side of the median, k = 0 ... count."""
    return np.asarray(2 * bdtr(np.arange(count + 1), count, 0.5), dtype=np.float64)
