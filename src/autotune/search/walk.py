"""Every point of a finite grid once, in an order that looks random."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from autotune.model.space import Space, Value, config_key

_GOLDEN = (math.sqrt(5) - 1) / 2


def walk(
    space: Space,
    axes: Sequence[Sequence[Value]],
    random: np.random.Generator,
    *,
    ranks: Sequence[int] = (),
) -> Iterator[dict[str, Value]]:
    """Configurations of the grid that `axes` (values of each parameter, in order) span, each once.

    Nothing is kept but what was given out: the grid may have more points than memory. Point i of N is number
    (start + i * stride) mod N with a stride prime to N, near N times the golden ratio: successive points then
    lie far apart (additive recurrence, Kronecker), and all are met. Where parameters have different `ranks`,
    those of a rank go through all of their points before one of a lower rank changes.
    """
    shuffled = [[axis[int(i)] for i in random.permutation(len(axis))] for axis in axes]
    order = ranks or [0] * len(axes)
    levels = [
        _Level.drawn(
            [(name, axis) for name, axis, r in zip(space.names, shuffled, order, strict=True) if r == rank],
            random,
        )
        for rank in sorted(set(order))
    ]
    given: set[str] = set()
    for point in _points(levels):
        config = space.pruned({name: point[name] for name in space.names})
        key = config_key(config)
        if key not in given:
            given.add(key)
            yield config


@dataclass(frozen=True, slots=True)
class _Level:
    """Parameters that vary together, and where their walk begins."""

    axes: Sequence[tuple[str, Sequence[Value]]]
    total: int
    start: int
    stride: int

    @classmethod
    def drawn(cls, axes: Sequence[tuple[str, Sequence[Value]]], random: np.random.Generator) -> Self:
        total = math.prod(len(axis) for _, axis in axes)
        return cls(axes, total, int.from_bytes(random.bytes(16)) % total, _prime_to(total))

    def point(self, step: int) -> dict[str, Value]:
        index = (self.start + step * self.stride) % self.total
        found: dict[str, Value] = {}
        for name, axis in self.axes:
            index, digit = divmod(index, len(axis))
            found[name] = axis[digit]
        return found


def _points(levels: Sequence[_Level]) -> Iterator[dict[str, Value]]:
    """Every combination of the levels' points, the last level's changing fastest."""
    if not levels:
        yield {}
        return
    for step in range(levels[0].total):
        outer = levels[0].point(step)
        for inner in _points(levels[1:]):
            yield {**outer, **inner}


def _prime_to(total: int) -> int:
    stride = max(1, int(total * _GOLDEN))
    while math.gcd(stride, total) != 1:
        stride += 1
    return stride
