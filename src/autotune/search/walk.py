"""Every point of a finite grid once, in an order that looks random."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from autotune.model.space import Space, Value, config_key

_GOLDEN = (math.sqrt(5) - 1) / 2


def walk(
    space: Space, axes: Sequence[Sequence[Value]], random: np.random.Generator
) -> Iterator[dict[str, Value]]:
    """Configurations of the grid that `axes` (values of each parameter, in order) span, each once.

    Nothing is kept but what was given out: the grid may have more points than memory. Point i of N is number
    (start + i * stride) mod N with a stride prime to N, near N times the golden ratio: successive points then
    lie far apart (additive recurrence, Kronecker), and all are met.
    """
    shuffled = [[axis[int(i)] for i in random.permutation(len(axis))] for axis in axes]
    total = math.prod(map(len, shuffled))
    start = int.from_bytes(random.bytes(16)) % total
    stride = _prime_to(total)
    given: set[str] = set()
    for step in range(total):
        config = space.pruned(_point(space, shuffled, (start + step * stride) % total))
        key = config_key(config)
        if key not in given:
            given.add(key)
            yield config


def _prime_to(total: int) -> int:
    stride = max(1, int(total * _GOLDEN))
    while math.gcd(stride, total) != 1:
        stride += 1
    return stride


def _point(space: Space, axes: Sequence[Sequence[Value]], index: int) -> dict[str, Value]:
    point: dict[str, Value] = {}
    for name, axis in zip(space.names, axes, strict=True):
        index, digit = divmod(index, len(axis))
        point[name] = axis[digit]
    return point
