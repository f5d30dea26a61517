"""Configurations that may be measured and were not told yet."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

import numpy as np
import scipy  # its parts load when they are used

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.search.domain import members, points, singles
from autotune.search.draw import draw, generator
from autotune.search.shares import config_at
from autotune.search.walk import walk

_DRAWS = 64
_SMALL = 5_000
"""A space of so few points is looked through before it is called exhausted."""


def fresh(problem: Problem, seen: Collection[str], random: np.random.Generator) -> Config | None:
    """A configuration drawn at random that is permitted and not among the keys `seen`.

    None where the space is small and holds none; of a large space of which 64 draws were refused, the last.
    """
    config: Config = {}
    for _ in range(_DRAWS):
        config = draw(problem.space, random)
        if is_fresh(problem, seen, config):
            return config
    return (
        next((c for c in every(problem, random) if is_fresh(problem, seen, c)), None)
        if small(problem)
        else config
    )


def is_fresh(problem: Problem, seen: Collection[str], config: Config) -> bool:
    """Whether `config` is permitted and not among the keys `seen`."""
    return config_key(config) not in seen and problem.permits(config)


def small(problem: Problem) -> bool:
    """Whether the space has so few points that all can be looked at."""
    return math.prod(points(p) + len(singles(p)) for p in problem.space.parameters) <= _SMALL


def every(problem: Problem, random: np.random.Generator) -> Iterator[Config]:
    """All configurations of a small space in a random order; constraints may not hold."""
    return walk(problem.space, [members(p, _SMALL) for p in problem.space.parameters], random)


def design(problem: Problem, count: int, *, purpose: int) -> list[Config]:
    """At most `count` different permitted configurations, spread evenly over every parameter.

    A Latin hypercube (McKay, Beckman, Conover 1979); a point that is not permitted is drawn anew.
    """
    random = generator(problem.seed, 0, 0, purpose)
    shares = scipy.stats.qmc.LatinHypercube(d=max(1, len(problem.space.parameters)), rng=random).random(count)
    found: dict[str, Config] = {}
    for row in shares:
        planned: Config = config_at(problem.space, row)
        config = planned if is_fresh(problem, found, planned) else fresh(problem, found, random)
        if config is not None and problem.permits(config):
            found[config_key(config)] = config
    return list(found.values())
