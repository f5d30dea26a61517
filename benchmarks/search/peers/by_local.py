"""Plain local search: first improvement among neighbours, restarts, nothing measured twice."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import TypeAlias

from link import Link

Indices: TypeAlias = tuple[int, ...]
_FIRST = 8
"""It starts from the best of so many that work."""

_KICKED = 0.7
"""So often it goes on from a change of the best in two or three places, else from anywhere."""

link = Link()
chance = random.Random(link.seed)  # noqa: S311  no secret
costs: dict[Indices, float] = {}


def cost(at: Indices) -> float:
    """Measured; infinite where it failed."""
    found = link.measure(at)
    costs[at] = math.inf if found is None else found
    return costs[at]


def neighbours(at: Indices) -> Iterator[Indices]:
    """Ordinals a step to either side, choices at each other value, in random order."""
    moves = []
    for place, (kind, size) in enumerate(zip(link.kinds, link.sizes, strict=True)):
        near = (at[place] - 1, at[place] + 1) if kind == "ordinal" else range(size)
        moves += [(place, value) for value in near if 0 <= value < size and value != at[place]]
    chance.shuffle(moves)
    yield from ((*at[:place], value, *at[place + 1 :]) for place, value in moves)


def drawn() -> Indices:
    """Anything."""
    return tuple(chance.randrange(size) for size in link.sizes)


def kicked() -> Indices:
    """The best with two or three places changed, or anything, and new where that can be."""
    for _ in range(100):
        at = list(min(costs, key=costs.__getitem__) if chance.random() < _KICKED else drawn())
        for place in chance.sample(range(len(at)), min(len(at), chance.choice((2, 3)))):
            at[place] = chance.randrange(link.sizes[place])
        if tuple(at) not in costs:
            break
    return tuple(at)


while sum(map(math.isfinite, costs.values())) < _FIRST:
    at = drawn()
    if at not in costs:
        cost(at)
at = min(costs, key=costs.__getitem__)
while True:
    better = next((n for n in neighbours(at) if n not in costs and cost(n) < costs[at]), None)
    if better is None:
        better = kicked()
        cost(better)
    at = better
