"""The sampler that draws at random: the yardstick of all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.draw import draw, generator
from autotune.search.options import chosen


class Random:
    """Draws every configuration independently; learns nothing."""

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        chosen("random", options, {})
        self._space = problem.space
        self._seed = problem.seed

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`."""
        return draw(self._space, generator(self._seed, number, attempt))

    def tell(self, trial: Trial) -> None:
        """Takes the outcome, and forgets it."""
