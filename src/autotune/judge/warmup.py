"""How many of the first samples belong to a warm-up."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

_RARE = 0.01
"""Chance alone takes the first of so many steady series for a warm-up."""

_FEWEST_LATER = 4
_SMALLEST = 0.01
"""A shift by less than 1 % of the later mean is no matter, however regular the samples are."""


def left_out(count: int, samples: int) -> str:
    """What the user is told of a warm-up in the baseline."""
    which = "the first" if count == 1 else f"the first {count}"
    return (
        f"baseline: {which} of {samples} samples lay outside what the later ones make likely: taken for a "
        "warm-up and left out of the baseline's value"
    )


def warm_up(values: Sequence[float]) -> int:
    """The number of first `values` (n,) to leave out, at most half of them; 0 where they are like the rest.

    The later half, at least 4 values, tells what to expect: the first values are a warm-up for as long as
    each lies outside the 99 % prediction interval of one more value, mean +- t s sqrt(1 + 1/m) with m - 1
    degrees of freedom (Student's, exact for independent normal values). Up to 4 values have no warm-up.
    """
    first = min(len(values) // 2, len(values) - _FEWEST_LATER)
    if first < 1:
        return 0
    later = values[first:]
    middle = fmean(later)
    reach = float(stdtrit(len(later) - 1, 1 - _RARE / 2)) * stdev(later) * sqrt(1 + 1 / len(later))
    reach = max(reach, _SMALLEST * abs(middle))
    for count, value in enumerate(values[:first]):
        if abs(value - middle) <= reach:
            return count
    return first
