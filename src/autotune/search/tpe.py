"""The tree-structured Parzen estimator, by Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import optuna

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import State, Trial
from autotune.search.draw import draw, generator
from autotune.search.encode import decoded, distributions, encoded
from autotune.search.options import chosen

_OPTIONS = {"startup": 10, "candidates": 24}
_ANSWERS = frozenset({State.OK, State.FAILED_CONFIG, State.TIMEOUT, State.INFEASIBLE})
_FAILED = 1e9
"""Violation of a trial without a value: more than any missed limit, and finite."""


class TPE:
    """Draws where good trials are denser than bad ones (Bergstra et al. 2011; multivariate, constrained).

    Options: `startup` (10) trials are drawn at random first; `candidates` (24) are compared for each answer.
    A failed trial is told as infeasible, one that missed a limit as infeasible by so much; what the
    environment failed or somebody interrupted says nothing about the configuration and is not told.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        choice = chosen("tpe", options, _OPTIONS)
        self._startup, self._candidates = choice["startup"], choice["candidates"]
        self._space = problem.space
        self._seed = problem.seed
        self._distributions = distributions(problem.space)
        self._worst = max if problem.direction == "minimize" else min
        self._values: list[float] = []
        self._told = 0
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._study = optuna.create_study(direction=problem.direction)

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`, drawn from what was told and from the three numbers alone."""
        random = generator(self._seed, number, attempt)
        if self._told < self._startup:
            return draw(self._space, random)
        # A sampler of its own for each answer: nothing of an earlier one is in it, so a resumed study goes on
        # as if it had never stopped. The open trials that asking leaves behind are not looked at.
        self._study.sampler = optuna.samplers.TPESampler(
            seed=int(random.integers(2**32)),
            n_startup_trials=1,
            n_ei_candidates=self._candidates,
            constant_liar=False,
        )
        return decoded(self._space, self._study.ask(self._distributions).params)

    def tell(self, trial: Trial) -> None:
        """Takes the outcome where it says something about the configuration."""
        params = encoded(self._space, trial.config)
        if trial.state not in _ANSWERS or params is None:
            return
        failed = trial.state is not State.OK or trial.value is None
        if trial.value is not None and not failed:
            self._values.append(trial.value)
        self._told += 1
        self._study.add_trial(
            optuna.trial.create_trial(
                value=self._worst(self._values, default=0.0) if failed else trial.value,
                params=params,
                distributions={name: self._distributions[name] for name in params},
                constraints={"limits": _FAILED if failed else min(trial.violation, _FAILED)},
            )
        )
