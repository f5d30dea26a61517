"""Which points no other point is better than in everything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autotune.judge.walsh import Floats


def front(points: Floats) -> list[int]:
    """Numbers of the rows of (n, k) `points` that no other row dominates, rising; more is better.

    A row dominates another one that it is nowhere worse than and somewhere better. Rows that are equal do
    not dominate each other.
    """
    if not len(points):
        return []
    order = np.lexsort(points.T[::-1])[::-1]  # by the first objective, then the second: dominators come first
    found = np.empty_like(points)
    kept: list[int] = []
    for number in order:
        above = found[: len(kept)]
        here = points[number]
        if not ((above >= here).all(axis=1) & (above > here).any(axis=1)).any():
            found[len(kept)] = here
            kept.append(int(number))
    return sorted(kept)


def fronts(points: Floats) -> Iterator[list[int]]:
    """The front, the front of what is left without it, and so on (non-dominated sorting, Deb et al. 2002)."""
    left = np.arange(len(points))
    while len(left):
        here = front(points[left])
        yield [int(number) for number in left[here]]
        left = np.delete(left, here)
