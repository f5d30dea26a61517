"""CMA-ES, by Optuna."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import optuna
from optuna.distributions import BaseDistribution

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import State, Trial
from autotune.search.draw import generator
from autotune.search.encode import distributions, encoded, numeric
from autotune.search.engine import Engine
from autotune.search.history import History, Merit, one_objective
from autotune.search.options import chosen
from autotune.search.start import Start

_EVOLVING, _STARTING = 51, 52
_A_TENTH_IS_ONE = 10
_MOST_WHOLE = 100
"""Numbers beyond which only variances adapt: a whole covariance has more entries than a study has trials."""
_FARTHEST = 10.0
"""Violation of what failed, in spreads of the values: CMA-ES looks at ranks, and this one is the last."""


class Cmaes:
    """Draws the numbers from a normal distribution that adapts to what was good; the rest at random.

    Covariance matrix adaptation (Hansen, Ostermeier 2001) by Optuna and `cmaes`, started from the best of the
    first trials (warm start, Nomura et al. 2021). What failed, or missed a limit, ranks behind all that did
    not. Of more than 100 numbers only the variances adapt (Ros, Hansen 2008), from the middle of the space.

    Option `startup` (8): so many configurations of a Latin hypercube come first.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        choice = chosen("cmaes", options, {"startup": 8})
        one_objective("cmaes", problem)
        self._problem = problem
        self._history = History(problem)
        self._start = Start(problem, choice["startup"], purpose=_STARTING)
        self._source: list[optuna.trial.FrozenTrial] | None = None
        self._engine = Engine(problem, self._sampler)
        self._whole = len(numeric(distributions(problem.space))) <= _MOST_WHOLE

    def ask(self, number: int, attempt: int) -> Config | None:
        """A draw from the distribution of what was told; None where a small space is exhausted."""
        random = generator(self._problem.seed, number, attempt, _EVOLVING)
        if self._source is not None:
            return self._engine.ask(random)
        return self._start.answer(self._history, self._history.ahead(number) + attempt, random)

    def tell(self, trial: Trial) -> None:
        """Adds the outcome to the generation under way.

        Optuna keeps the distribution with the first trial of each generation; it is made here, from what was
        told alone, however often and by whom it was asked for.
        """
        merit = self._history.take(trial)
        if merit is None:
            return
        self._start.take(merit.violation)
        ranked = replace(trial, state=State.OK, value=self._rank(merit), violation=0.0)
        asked = self._asked(trial.number)
        self._engine.tell(ranked, params=asked.params, notes=asked.system_attrs)
        if self._source is None and self._start.over(self._history):
            self._source = self._best(trial.number)

    def _asked(self, number: int) -> optuna.trial.FrozenTrial:
        """A draw for a trial of this number: inactive parameters take it, for the distribution needs all."""
        return self._engine.asked(generator(self._problem.seed, max(0, number), 0, _EVOLVING))

    def _best(self, number: int) -> list[optuna.trial.FrozenTrial]:
        """The best trial so often that the tenth of them, from which the warm start takes its mean, is it."""
        best = encoded(self._problem.space, self._history.best[1]) if self._history.best else None
        return [self._engine.numbers({**self._asked(number).params, **(best or {})})] * _A_TENTH_IS_ONE

    def _rank(self, merit: Merit) -> float:
        """A number in the objective's direction that orders by limits first, then by value."""
        losses = self._history.losses or [0.0]
        loss = merit.loss
        if not merit.feasible:
            span = max(losses) - min(losses) or 1.0
            loss = max(losses) + span * (1 + min(merit.violation, _FARTHEST))
        return loss if self._problem.direction == "minimize" else -loss

    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        if self._source is None:
            return optuna.samplers.RandomSampler(seed=seed)
        if not self._whole:
            return _Seeded(seed=seed, use_separable_cma=True, warn_independent_sampling=False)
        return _Seeded(seed=seed, source_trials=self._source, warn_independent_sampling=False)


class _Seeded(optuna.samplers.CmaEsSampler):
    """Optuna's sampler, whose draws otherwise depend on how many trials were ever opened in the study."""

    def sample_relative(
        self,
        study: optuna.Study,
        trial: optuna.trial.FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        same = copy.copy(trial)
        same.number = 0
        return super().sample_relative(study, same, search_space)
