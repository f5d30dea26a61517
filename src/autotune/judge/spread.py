"""Where a quantity lies over samples, and how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from autotune.judge.median import median_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median, quartiles and the interval from `low` to `high` over `count` samples.

    `kind` says what the interval is: ci95, the 95 % interval of the median by order statistics, or the range
    of fewer than 6 samples, which cannot give that level.
    """

    median: float
    low: float
    high: float
    kind: Literal["ci95", "range"]
    lower_quartile: float
    upper_quartile: float
    least: float
    most: float
    count: int


def spread(values: Sequence[float]) -> Spread:
    """The spread of (n,) `values`, n >= 1; the interval is for samples that do not depend on each other."""
    array = np.asarray(values, dtype=np.float64)
    found = median_interval(array, 0.05)
    lower, upper = np.quantile(array, [0.25, 0.75])
    least, most = float(array.min()), float(array.max())
    return Spread(
        median=float(np.median(array)),
        low=least if found is None else found.low,
        high=most if found is None else found.high,
        kind="range" if found is None else "ci95",
        lower_quartile=float(lower),
        upper_quartile=float(upper),
        least=least,
        most=most,
        count=len(array),
    )
