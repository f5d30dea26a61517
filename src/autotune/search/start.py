"""The first configurations of a search that moves from one to the next."""

from __future__ import annotations

import math

import numpy as np

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.search.fresh import design, fresh
from autotune.search.history import History

_USABLE = 3
_LONGEST = 4
"""So many times the planned number of trials may pass while there are fewer than 3 that ran."""


class Start:
    """A Latin hypercube of `count` configurations, then fresh ones until there is a good place to begin."""

    def __init__(self, problem: Problem, count: int, *, purpose: int) -> None:
        self._problem = problem
        self._count = count
        self._design = [(config_key(c), c) for c in design(problem, count, purpose=purpose)]
        self._usable = 0

    def take(self, violation: float) -> None:
        """Counts an answer, by how far it missed its limits (infinite where it failed)."""
        self._usable += math.isfinite(violation)

    def over(self, history: History) -> bool:
        """Whether enough is known: all planned answers, and three that ran, or one after a long time."""
        wanted = _USABLE if history.answers < _LONGEST * self._count else 1
        return history.answers >= self._count and self._usable >= wanted

    def answer(self, history: History, index: int, random: np.random.Generator) -> Config | None:
        """The planned configuration that is `index` behind the first one not told; fresh ones behind all."""
        left = [config for key, config in self._design if key not in history.seen]
        return left[index] if index < len(left) else fresh(self._problem, history.seen, random)
