"""The means of all pairs of values, in order, without holding them where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

MOST_HELD = 200  # values, 20,100 averages; of more, only those near the rank that is asked for are made
_MOST_MADE = 50_000
_SAMPLED = 5_000  # averages that tell where a rank lies to about 2 % of them
_DEVIATIONS = 3.0  # of the sample's quantile, allowed to either side


@dataclass(frozen=True)
class Averages:
    """The n (n + 1) / 2 means of two of the (n,) rising `values`, each with itself too, in rising order.

    `held` are all of them where they are few, else empty: then a rank takes O(n log n) time and O(n) memory.
    """

    values: Floats
    held: Floats

    def __len__(self) -> int:
        return len(self.values) * (len(self.values) + 1) // 2

    def below(self, bound: float) -> int:
        """How many are smaller than `bound`."""
        if len(self.held):
            return int(np.searchsorted(self.held, bound))
        return _counted(self.first_not(bound, "left"))

    def up_to(self, bound: float) -> int:
        """How many are not larger than `bound`."""
        if len(self.held):
            return int(np.searchsorted(self.held, bound, "right"))
        return _counted(self.first_not(bound, "right"))

    def at(self, rank: int) -> float:
        """The average with so many before it: 0 gives the smallest."""
        return float(self.held[rank]) if len(self.held) else _Search(self).at(rank)

    @cached_property
    def median(self) -> float:
        """Their median: the estimate of Hodges and Lehmann (1963)."""
        upper = len(self) // 2
        middle = self.at(upper)
        if len(self) % 2 or self.below(middle) < upper:
            return middle
        return (self._before(middle) + middle) / 2

    def _before(self, bound: float) -> float:
        """The largest that is smaller than `bound`."""
        if len(self.held):
            return float(self.held[self.below(bound) - 1])
        last = self.first_not(bound, "left") - 1
        some = last >= np.arange(len(last))
        return float(np.max(self.values[some] + self.values[last[some]])) / 2

    def first_not(self, bound: float, side: Literal["left", "right"]) -> Places:
        """For each value i, the first j >= i with which it averages `bound` or more (right: more)."""
        wanted = (2 * bound - self.values)[::-1]  # rising, which is looked up many times as fast
        found = np.searchsorted(self.values, wanted, side)[::-1]
        return np.maximum(found, np.arange(len(found)))


def walsh_averages(values: Floats) -> Averages:
    """The averages of (n,) `values` in any order."""
    rising = np.sort(values)
    if len(values) > MOST_HELD:
        return Averages(rising, np.empty(0))
    first, second = _both(len(values))
    return Averages(rising, np.sort((rising[first] + rising[second]) / 2))


@lru_cache(maxsize=64)
def _both(count: int) -> tuple[Places, Places]:
    return np.triu_indices(count)


def _counted(first_not: Places) -> int:
    return int(first_not.sum()) - len(first_not) * (len(first_not) - 1) // 2


class _Search:
    """The averages among which a rank may still lie: of value i those with begin[i] <= j < end[i].

    Pivots from a random sample leave a few per cent of them each time (Floyd and Rivest 1975, *Expected time
    bounds for selection*), until they are few enough to be made. The answer does not depend on the sample.
    """

    def __init__(self, averages: Averages) -> None:
        count = len(averages.values)
        self._averages = averages
        self._begin, self._end = np.arange(count), np.full(count, count)
        self._random = np.random.default_rng(0)

    def at(self, rank: int) -> float:
        """The average with `rank` others before it."""
        left = len(self._averages)
        while left > _MOST_MADE:
            low, high = self._pivots(rank - _counted(self._begin), left)
            self._keep(rank, low, "right")
            self._keep(rank, high, "left")
            before, left = left, self._left()
            if left == before:  # all that are left are equal, as far as rounding tells
                return low
        made = self._made(np.arange(left))
        wanted = rank - _counted(self._begin)
        return float(np.partition(made, wanted)[wanted])

    def _left(self) -> int:
        return int((self._end - self._begin).sum())

    def _pivots(self, rank: int, left: int) -> tuple[float, float]:
        """Two of the averages left, between which the one at `rank` of them nearly always lies."""
        sample = np.sort(self._made(np.sort(self._random.integers(left, size=_SAMPLED))))
        share = rank / left
        reach = _DEVIATIONS * sqrt(share * (1 - share) / _SAMPLED) + 1 / _SAMPLED
        low, high = (min(max(int(x * _SAMPLED), 0), _SAMPLED - 1) for x in (share - reach, share + reach))
        return float(sample[low]), float(sample[high])

    def _keep(self, rank: int, pivot: float, side: Literal["left", "right"]) -> None:
        """Leaves out the side of `pivot` without `rank`; right: its equals go with the smaller ones."""
        border = self._averages.first_not(pivot, side)
        if rank < _counted(border):
            self._end = np.maximum(np.minimum(self._end, border), self._begin)
        else:
            self._begin = np.minimum(np.maximum(self._begin, border), self._end)

    def _made(self, numbers: Places) -> Floats:
        """The averages left that have these rising numbers, counted value by value."""
        ends = np.cumsum(self._end - self._begin)
        first = np.searchsorted(ends, numbers, "right")
        second = self._end[first] - (ends[first] - numbers)
        values = self._averages.values
        return np.asarray((values[first] + values[second]) / 2)
