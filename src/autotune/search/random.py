"""The sampler that draws at random: the yardstick of all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.model.space import Config, Space
from autotune.model.trial import Trial
from autotune.model.workload import Direction
from autotune.search.draw import draw, generator
from autotune.search.options import whole_numbers


class Random:
    """Draws every configuration independently; learns nothing."""

    def __init__(self, space: Space, *, seed: int, direction: Direction, options: Mapping[str, Any]) -> None:
        del direction  # either way is the same to it
        whole_numbers("random", options, {})
        self._space = space
        self._seed = seed

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`."""
        return draw(self._space, generator(self._seed, number, attempt))

    def tell(self, trial: Trial) -> None:
        """Takes the outcome, and forgets it."""
