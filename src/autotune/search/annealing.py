"""Simulated annealing over parameters of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.draw import generator
from autotune.search.fresh import fresh, is_fresh
from autotune.search.history import FAILED, History, Merit, one_objective
from autotune.search.moves import again, step
from autotune.search.options import chosen
from autotune.search.schedule import Schedule, spread
from autotune.search.start import Start

_STARTING, _STEPPING, _ACCEPTING = 21, 22, 23
_UNKNOWN_BUDGET = 200
_PATIENCE = 20
_PER_PARAMETER = 4
"""A cycle is given up after 4 trials per parameter, at least 20, that brought no gain."""

_TRIES = 60
_SINGLE = 20
"""So many tries change one parameter; then two are, then three."""

_WIDE, _NARROW = 0.25, 0.02
"""Standard deviation of a step along a line, as a share of it, when hot and when cold."""

EXHAUSTED = "every configuration that is allowed was measured"


class Annealing:
    """Steps to a neighbour when it is better, and sometimes when it is not, ever more rarely.

    Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) with the cooling of Lundy and Mees (1986), its
    temperature in units of the spread of the values seen, and its first cycle fitted to the budget. A cycle
    that is cold and brings nothing is followed by a reheat from the best configuration, to half the heat.
    After `reheats` (3) in a row that gained less than `convergence` (0.001) of the best value, it ends.

    Options: these two, and `startup` (8): so many configurations of a Latin hypercube come first.
    A configuration that failed or missed a limit is never stepped to from one that did not.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        choice = chosen("annealing", options, {"startup": 8, "reheats": 3, "convergence": 0.001})
        one_objective("annealing", problem)
        self._problem = problem
        self._reheats, self._convergence = choice["reheats"], choice["convergence"]
        self._history = History(problem)
        self._start = Start(problem, choice["startup"], purpose=_STARTING)
        self._patience = max(_PATIENCE, _PER_PARAMETER * len(problem.space.parameters))
        budget = _UNKNOWN_BUDGET if problem.trials is None else problem.trials
        self._schedule = Schedule(steps=max(self._patience, budget - choice["startup"]))
        self._cycle = max(self._patience, (budget - choice["startup"]) // 2)
        self._schedule = Schedule(steps=self._cycle)
        self._config: Config | None = None
        self._merit = self._mark = FAILED
        self._onwards: tuple[Config, ...] = ()
        self._idle = self._barren = 0
        self._gained = True
        self._exhausted = False

    @property
    def ended(self) -> str:
        """Why there is no further answer; "" while there is one."""
        if self._barren >= self._reheats:
            gain = f"{100 * self._convergence:.3g} %"
            return f"annealing converged: {self._reheats} reheats in a row gained less than {gain}"
        return EXHAUSTED if self._exhausted else ""

    def ask(self, number: int, attempt: int) -> Config | None:
        """A step from where the search stands; None where it converged or a small space is exhausted."""
        if self._barren >= self._reheats:
            return None
        random = generator(self._problem.seed, number, attempt, _STEPPING)
        ahead = self._history.ahead(number) + attempt
        found = (
            self._start.answer(self._history, ahead, random)
            if self._config is None
            else self._near(random, ahead)
        )
        self._exhausted = found is None
        return found

    def _near(self, random: np.random.Generator, ahead: int) -> Config | None:
        """A step that was not told; farther ones where the neighbourhood is used up."""
        seen = self._history.seen
        if self._onwards and not ahead and is_fresh(self._problem, seen, self._onwards[0]):
            return self._onwards[0]
        width = _NARROW + (_WIDE - _NARROW) * self._schedule.heat
        for tries in range(_TRIES):
            config = step(self._problem, self._config or {}, random, width=width, count=1 + tries // _SINGLE)
            if is_fresh(self._problem, seen, config):
                return config
        return fresh(self._problem, seen, random)

    def tell(self, trial: Trial) -> None:
        """Takes the step, or stays, by the temperature; what says nothing is passed over."""
        merit = self._history.take(trial)
        if merit is None or self._history.best is None:
            return
        self._start.take(merit.violation)
        if self._config is None:
            if self._start.over(self._history):
                self._mark = self._history.best[0]
                self._stand(*self._history.best)
            return
        if self._accepted(trial.number, merit):
            self._stand(merit, trial.config)
        self._schedule = self._schedule.cooled()
        self._count(self._history.best[0])

    def _accepted(self, number: int, merit: Merit) -> bool:
        if not (merit.feasible and self._merit.feasible):
            return merit < self._merit
        coin = generator(self._problem.seed, max(0, number), 0, _ACCEPTING).random()
        return self._schedule.accepts(merit.loss - self._merit.loss, spread(self._history.losses), coin)

    def _stand(self, merit: Merit, config: Config) -> None:
        better = self._config is not None and merit < self._merit
        self._onwards = again(self._problem.space, self._config or {}, config) if better else ()
        self._merit, self._config = merit, config

    def _count(self, best: Merit) -> None:
        """Counts trials without a gain, and ends the cycle after too many of them."""
        if gains(best, self._mark, self._convergence):
            self._mark, self._idle, self._gained = best, 0, True
            return
        self._idle += 1
        cold = self._schedule.step >= self._schedule.steps
        if self._idle >= self._patience and (cold or self._idle >= 2 * self._patience):
            self._reheat()

    def _reheat(self) -> None:
        self._barren = 0 if self._gained else self._barren + 1
        self._schedule = self._schedule.reheated(self._patience, reheats=self._barren + 1)
        self._idle, self._gained = 0, False
        if self._history.best is not None:
            self._stand(*self._history.best)


def gains(merit: Merit, mark: Merit, share: float) -> bool:
    """Whether `merit` is better than `mark` by more than `share` of its loss, or by its limits."""
    if merit.violation != mark.violation:
        return merit < mark
    return mark.loss - merit.loss > share * abs(mark.loss)
