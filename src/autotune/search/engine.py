"""An Optuna study in memory that knows what was told, and nothing else."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import optuna

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.encode import decoded, distributions, encoded, numeric
from autotune.search.history import ANSWERS

_FAILED = 1e9
"""Violation of a trial without a value: more than any missed limit, and finite."""


class Engine:
    """Asks a sampler of Optuna that is made anew for each answer, from a seed.

    Nothing of an earlier answer is in it, so a resumed study goes on as if it had never stopped. The open
    trials that asking leaves behind are not looked at. `answers` counts what says something.
    """

    def __init__(self, problem: Problem, make: Callable[[int], optuna.samplers.BaseSampler]) -> None:
        self._problem = problem
        self._make = make
        self._distributions = distributions(problem.space)
        self._worst: list[list[float]] = [[] for _ in problem.directions]
        self.answers = 0
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._study = optuna.create_study(directions=list(problem.directions))

    def ask(self, random: np.random.Generator) -> Config:
        """The configuration that the sampler answers."""
        return decoded(self._problem.space, self.asked(random).params)

    def asked(self, random: np.random.Generator) -> optuna.trial.FrozenTrial:
        """An open trial with the sampler's answer, and what the sampler noted of it."""
        with quiet():
            self._study.sampler = self._make(int(random.integers(2**32)))
            number = self._study.ask(self._distributions).number
        return self._study.get_trials(deepcopy=False)[number]

    def tell(
        self,
        trial: Trial,
        *,
        params: Mapping[str, Any] | None = None,
        notes: Mapping[str, Any] | None = None,
    ) -> bool:
        """Adds the outcome where it says something about the configuration; whether it does.

        `params` fills in what the configuration has no value for, `notes` are what the sampler keeps with it.
        """
        known = encoded(self._problem.space, trial.config)
        if trial.state not in ANSWERS or known is None:
            return False
        values = measured(trial, len(self._problem.directions))
        for worst, value in zip(self._worst, values or (), strict=False):
            worst.append(value)
        whole = {**(params or {}), **known}
        with quiet():
            self._study.add_trial(
                optuna.trial.create_trial(
                    values=self._worst_values() if values is None else values,
                    params=whole,
                    distributions={name: self._distributions[name] for name in whole},
                    constraints={"limits": _FAILED if values is None else min(trial.violation, _FAILED)},
                    system_attrs=dict(notes or {}),
                )
            )
        self.answers += 1
        return True

    def numbers(self, params: Mapping[str, Any]) -> optuna.trial.FrozenTrial:
        """A trial of the numeric parameters alone, for samplers that start from one."""
        lines = numeric(self._distributions)
        only = {name: params[name] for name in lines}
        return optuna.trial.create_trial(value=0.0, params=only, distributions=lines)

    def _worst_values(self) -> list[float]:
        """Worse than nothing that was measured, for what has no value; its violation is what counts."""
        ways = [max if direction == "minimize" else min for direction in self._problem.directions]
        return [way(known, default=0.0) for way, known in zip(ways, self._worst, strict=True)]


def measured(trial: Trial, objectives: int) -> tuple[float, ...] | None:
    """The value of every objective; None where the trial failed, or one of them is missing or not finite."""
    if not trial.state.valued or trial.value is None or math.isnan(trial.violation):
        return None
    values = (trial.value, *trial.further)
    return values if len(values) == objectives and all(map(math.isfinite, values)) else None


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings of Optuna that a part of it is experimental, or does not look at constraints."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
        warnings.filterwarnings("ignore", message="Constraints have been set")
        yield
