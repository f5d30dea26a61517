"""The tree-structured Parzen estimator, by Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import optuna

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.draw import draw, generator
from autotune.search.engine import Engine
from autotune.search.options import chosen

_OPTIONS = {"startup": 10, "candidates": 24}


class TPE:
    """Draws where good trials are denser than bad ones (Bergstra et al. 2011; multivariate, constrained).

    Of several objectives, the good ones are those nearest to the front (Ozaki et al. 2022).

    Options: `startup` (10) trials are drawn at random first; `candidates` (24) are compared for each answer.
    A failed trial is told as infeasible, one that missed a limit as infeasible by so much; what the
    environment failed or somebody interrupted says nothing about the configuration and is not told.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        choice = chosen("tpe", options, _OPTIONS)
        self._startup, self._candidates = choice["startup"], choice["candidates"]
        self._problem = problem
        self._engine = Engine(problem, self._sampler)

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`, drawn from what was told and from the three numbers alone."""
        random = generator(self._problem.seed, number, attempt)
        if self._engine.answers < self._startup:
            return draw(self._problem.space, random)
        return self._engine.ask(random)

    def tell(self, trial: Trial) -> None:
        """Takes the outcome where it says something about the configuration."""
        self._engine.tell(trial)

    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        return optuna.samplers.TPESampler(
            seed=seed,
            n_startup_trials=1,
            n_ei_candidates=self._candidates,
            multivariate=True,
            constant_liar=False,
        )
