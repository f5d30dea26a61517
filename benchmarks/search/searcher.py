"""What every search under test has to offer."""

from __future__ import annotations

from typing import Protocol

from autotune.model.problem import Problem
from autotune.model.space import Config


class System(Protocol):
    """Something to be tuned whose truth is known."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""

    @property
    def typical(self) -> float:
        """What an ordinary configuration costs."""

    def cost(self, config: Config) -> float | None:
        """What a configuration truly costs (less is better); None where it fails."""

    def problem(
        self, *, seed: int, trials: int, noise: float | None = None, declared: bool = False
    ) -> Problem:
        """What a sampler is given; `declared`: with the system's constraints."""


class Searcher(Protocol):
    """Chooses what is measured next; every answer costs one measurement."""

    def next(self) -> Config | None:
        """The configuration to measure; None where it has no more to say."""

    def tell(self, config: Config, cost: float | None) -> None:
        """Takes what `next` answered and was measured; None where it failed."""

    def recommended(self) -> Config | None:
        """What it would have a user take; None where that is the best value seen."""

    def close(self) -> None:
        """Ends it."""
