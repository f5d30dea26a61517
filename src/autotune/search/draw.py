"""Configurations drawn at random from a space."""

from __future__ import annotations

import numpy as np

from autotune.model.space import Parameter, Space, Value
from autotune.search.domain import at, points, singles

_LINE_WEIGHT = 4
"""A single value (-1, unset) weighs at least a quarter of the whole range beside it: it is often the one
that switches something off, and would never be drawn from among thousands."""

_WORD = 2**64


def generator(seed: int, number: int, attempt: int, purpose: int = 0) -> np.random.Generator:
    """Randomness that depends on these numbers alone, whatever was drawn before."""
    return np.random.default_rng(np.random.SeedSequence([seed % _WORD, number, attempt, purpose]))


def draw(space: Space, random: np.random.Generator) -> dict[str, Value]:
    """A configuration uniform over every parameter, without the inactive ones; constraints may not hold."""
    return space.pruned({p.name: draw_value(p, random) for p in space.parameters})


def draw_value(parameter: Parameter, random: np.random.Generator) -> Value:
    """A value uniform over the domain: over the logarithm where it is `log`."""
    listed = singles(parameter)
    weight = min(points(parameter), _LINE_WEIGHT)
    if random.random() * (len(listed) + weight) < len(listed):
        return listed[int(random.integers(len(listed)))]
    return at(parameter, float(random.random()))
