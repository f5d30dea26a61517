"""The sampler that measures where a Gaussian process expects most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.history import one_objective
from autotune.search.options import chosen
from autotune.search.surrogate import STARTUP, Surrogate


class GP:
    """Asks for the greatest expected improvement times the probability of working.

    Efficient global optimisation (Jones et al. 1998) with a second process for whether a configuration works
    (Gelbart et al. 2014). It looks at neighbours of the best, mutations, crossovers and random points, and
    climbs one step from the best of them (Hutter et al. 2011). The first `startup` (5) are a Latin hypercube.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        startup = chosen("gp", options, {"startup": STARTUP})["startup"]
        one_objective("gp", problem)
        self._search = Surrogate(problem, startup=startup)

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`."""
        return self._search.answer(number, attempt, self._search.by_improvement)

    def tell(self, trial: Trial) -> None:
        """Takes the outcome where it says something about the configuration."""
        self._search.tell(trial)
