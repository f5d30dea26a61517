"""Where a series of results changed for good: E-divisive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autotune.judge.walsh import Floats

_REDRAWS = 199
_LEVEL = 0.01
"""Of each split. A history is looked at again and again: at 5 % every twentieth look would find something."""

_LEAST = 4
"""Results on either side of a change."""

_CHANGE_LEVEL = 0.05
_RESAMPLES = 1999


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """The series is another one from the place `at` on.

    `ratio` is that of the medians of the stretches behind and before it, with the ends of a 95 % interval
    (percentile bootstrap); `p_value` is that of the split.
    """

    at: int
    ratio: float
    low: float
    high: float
    p_value: float


def change_points(values: Floats, *, seed: int = 0) -> tuple[ChangePoint, ...]:
    """The changes in (n,) positive values, in their order.

    E-divisive (Matteson and James 2014): the split into two stretches of the largest energy distance is kept
    where a permutation test says that it is no chance, and each stretch is looked at in turn. It asks for
    no distribution. The test takes results for exchangeable: where the noise has a memory of many results, it
    finds more than there is.
    """
    logs = np.log(np.asarray(values, dtype=np.float64))
    found = dict(_splits(logs, 0, len(logs), np.random.default_rng(seed)))
    places = sorted(found)
    edges = [0, *places, len(logs)]
    random = np.random.default_rng([seed, 1])
    return tuple(
        _point(logs[edges[i] : at], logs[at : edges[i + 2]], at, p_value=found[at], random=random)
        for i, at in enumerate(places)
    )


def _splits(logs: Floats, begin: int, end: int, random: np.random.Generator) -> Iterator[tuple[int, float]]:
    """The places at which the stretch from `begin` to `end` is split, with their p-values."""
    part = logs[begin:end]
    if len(part) < 2 * _LEAST:
        return
    at, statistic = _best(part)
    beyond = sum(_best(random.permutation(part))[1] >= statistic for _ in range(_REDRAWS))
    p_value = (1 + beyond) / (1 + _REDRAWS)
    if statistic <= 0 or p_value > _LEVEL:
        return
    yield begin + at, p_value
    yield from _splits(logs, begin, begin + at, random)
    yield from _splits(logs, begin + at, end, random)


def _best(part: Floats) -> tuple[int, float]:
    """The split, and the statistic of its energy distance; the stretch behind it may end before the part."""
    count = len(part)
    sums = np.zeros((count + 1, count + 1))
    sums[1:, 1:] = np.abs(part[:, None] - part[None, :]).cumsum(0).cumsum(1)
    splits, ends = _places(count)
    between = sums[splits, ends] - sums[splits, splits]
    before, behind = sums[splits, splits], sums[ends, ends] - 2 * sums[splits, ends] + sums[splits, splits]
    one, other = splits.astype(float), (ends - splits).astype(float)
    energy = 2 * between / (one * other) - before / (one * (one - 1)) - behind / (other * (other - 1))
    statistic = one * other / (one + other) * energy
    best = int(np.argmax(statistic))
    return int(splits[best]), float(statistic[best])


def _places(count: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Every split with every end behind it."""
    splits, ends = np.triu_indices(count + 1, k=_LEAST)
    kept = splits >= _LEAST
    return splits[kept], ends[kept]


def _point(
    one: Floats, other: Floats, at: int, *, p_value: float, random: np.random.Generator
) -> ChangePoint:
    drawn = [
        np.median(random.choice(stretch, (_RESAMPLES, len(stretch))), axis=1) for stretch in (other, one)
    ]
    low, high = np.quantile(drawn[0] - drawn[1], [_CHANGE_LEVEL / 2, 1 - _CHANGE_LEVEL / 2])
    ratio = np.exp(np.median(other) - np.median(one))
    return ChangePoint(
        at=at, ratio=float(ratio), low=float(np.exp(low)), high=float(np.exp(high)), p_value=p_value
    )
