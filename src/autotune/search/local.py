"""Neighbourhood search with restarts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.draw import generator
from autotune.search.fresh import fresh, is_fresh
from autotune.search.history import FAILED, History, one_objective
from autotune.search.moves import again, changed, neighbours
from autotune.search.options import chosen
from autotune.search.start import Start
from autotune.search.untold import Untold

_STARTING, _WALKING, _KICKING = 11, 12, 13
_RADII = (1 / 8, 1 / 32, 1 / 128)
"""Shares of a long line that a move covers: where none of a length helps, the next is tried."""

_FROM_BEST = 0.7
"""How often a restart is the best configuration with some changes, rather than a fresh one."""

_KICKS = 30


class Local:
    """Moves to the first better neighbour; where none is left, begins again elsewhere.

    Iterated local search with first improvement (Lourenco, Martin, Stuetzle 2003); what helped is tried
    again, and on long lines the steps shrink where none helps (pattern search, Hooke and Jeeves 1961).
    Neighbours differ in one parameter.

    Option `startup` (8): so many configurations of a Latin hypercube come first; the best is the start.
    A configuration that failed or missed a limit is never moved to from one that did not.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        choice = chosen("local", options, {"startup": 8})
        one_objective("local", problem)
        self._problem = problem
        self._history = History(problem)
        self._start = Start(problem, choice["startup"], purpose=_STARTING)
        self._merit = FAILED
        self._config: Config | None = None
        self._radius = 0
        self._moves = Untold(problem, iter(()))

    def ask(self, number: int, attempt: int) -> Config | None:
        """A neighbour that was not told, or where to begin again; None where a small space is exhausted."""
        random = generator(self._problem.seed, number, attempt, _KICKING)
        index = self._history.ahead(number) + attempt
        if self._config is None:
            return self._start.answer(self._history, index, random)
        neighbour = self._moves.nth(index, self._history.seen)
        return neighbour or self._elsewhere(random)

    def _elsewhere(self, random: Any) -> Config | None:
        best = self._history.best
        if best is not None and random.random() < _FROM_BEST:
            for _ in range(_KICKS):
                kicked = changed(self._problem, best[1], random, count=int(random.integers(2, 4)))
                if is_fresh(self._problem, self._history.seen, kicked):
                    return kicked
        return fresh(self._problem, self._history.seen, random)

    def tell(self, trial: Trial) -> None:
        """Moves to a better configuration; after the last neighbour, to whatever ran."""
        stuck = self._config is not None and self._moves.nth(0, self._history.seen) is None
        merit = self._history.take(trial)
        if merit is None:
            return
        self._start.take(merit.violation)
        if self._config is None:
            if self._start.over(self._history) and self._history.best is not None:
                self._merit, best = self._history.best
                self._move(best, trial.number)
        elif merit < self._merit or (stuck and merit != FAILED):
            self._merit = merit
            self._move(trial.config, trial.number, radius=0 if stuck else self._radius)
        self._shrink(trial.number)

    def _move(self, config: Config, number: int, *, radius: int = 0) -> None:
        onwards = () if self._config is None else again(self._problem.space, self._config, config)
        self._config, self._radius = config, radius
        self._moves = Untold(self._problem, chain(onwards, self._around(config, number)))

    def _shrink(self, number: int) -> None:
        """Looks nearer where all of a length was tried."""
        while self._config is not None and self._radius + 1 < len(_RADII):
            if self._moves.nth(0, self._history.seen) is not None:
                return
            self._radius += 1
            self._moves = Untold(self._problem, self._around(self._config, number))

    def _around(self, config: Config, number: int) -> Iterator[Config]:
        random = generator(self._problem.seed, max(0, number + 1), self._radius, _WALKING)
        return neighbours(self._problem, config, random, radius=_RADII[self._radius])
