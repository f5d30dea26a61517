"""What a search with one objective was told."""

from __future__ import annotations

import math
from typing import NamedTuple

from autotune.core.errors import UsageError
from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.model.trial import State, Trial

ANSWERS = frozenset({State.OK, State.ABORTED, State.FAILED_CONFIG, State.TIMEOUT, State.INFEASIBLE})
"""States that say something about the configuration."""


class Merit(NamedTuple):
    """What a configuration is worth, less being better: limits first (inf: it failed), then the loss."""

    violation: float
    loss: float

    @property
    def feasible(self) -> bool:
        """Whether it ran and kept every limit."""
        return self.violation <= 0


FAILED = Merit(math.inf, math.inf)


def one_objective(sampler: str, problem: Problem) -> None:
    """Raises UsageError where there are several objectives, naming samplers that take them."""
    if len(problem.directions) > 1:
        raise UsageError(
            f"sampler '{sampler}' takes one objective, found {len(problem.directions)}. "
            "With several: auto, genetic, tpe, qmc, random, grid."
        )


def inside(problem: Problem, config: Config) -> bool:
    """Whether every value is in its parameter's domain; constraints may not hold."""
    domains = {p.name: p for p in problem.space.parameters}
    return all(name in domains and domains[name].contains(value) for name, value in config.items())


def merit(problem: Problem, trial: Trial) -> Merit | None:
    """What the trial says of its configuration; None where it says nothing, or it is outside the space.

    One that was aborted is worth the bound that it reached: worse than nearly all, and no failure.
    """
    if trial.state not in ANSWERS or not inside(problem, trial.config):
        return None
    value, missed = trial.value, trial.violation
    if not trial.state.valued or value is None or not math.isfinite(value) or math.isnan(missed):
        return FAILED
    return Merit(max(0.0, missed), value if problem.direction == "minimize" else -value)


class History:
    """Configurations that were told, the best of them, and how many gave an answer.

    `seen` holds the keys of all, whatever became of them; `losses` are those of feasible ones, in order.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._next = 0
        self.seen: set[str] = set()
        self.answers = 0
        self.losses: list[float] = []
        self.best: tuple[Merit, Config] | None = None

    def take(self, trial: Trial) -> Merit | None:
        """Takes the trial in; its merit."""
        self._next = max(self._next, trial.number + 1)
        self.seen.add(config_key(trial.config))
        found = merit(self._problem, trial)
        if found is None:
            return None
        self.answers += 1
        if found.feasible:
            self.losses.append(found.loss)
        if self.best is None or found < self.best[0]:
            self.best = (found, trial.config)
        return found

    def ahead(self, number: int) -> int:
        """How many trials before `number` are not told yet: their answers are not to be given again."""
        return max(0, number - self._next)
