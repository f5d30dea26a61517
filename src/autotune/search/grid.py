"""The sampler that tries every point of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, config_key
from autotune.model.trial import Trial
from autotune.search.domain import members
from autotune.search.draw import generator
from autotune.search.options import chosen
from autotune.search.walk import walk

_LEVELS = 5
_FREE = 2
_RANKS = {"boot": 0, "restart": 0, "reload": 1}


class Grid:
    """Walks what is allowed of the grid in an order that the seed decides, and ends when all of it was told.

    Option `levels`: how many values of each range are tried (5), evenly spread with both ends; a range with
    fewer values, every listed value and every special one are all tried. A parameter for which a service has
    to restart changes only when all points of the others were tried, one for which it has to reload likewise.
    """

    exhaustive = True

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        levels = chosen("grid", options, {"levels": _LEVELS})["levels"]
        self._problem, space = problem, problem.space
        axes = [members(p, levels) for p in space.parameters]
        ranks = [_rank(p) for p in space.parameters]
        self._walk = walk(space, axes, generator(problem.seed, 0, 0), ranks=ranks)
        self._open: dict[str, Config] = {}
        self._told: set[str] = set()
        self._next = 0
        self._walked = False

    @property
    def ended(self) -> str:
        """Why there is no further answer; "" while there is one."""
        return "every point of the grid that is allowed was tried" if self._walked else ""

    def ask(self, number: int, attempt: int) -> Config | None:
        """The point that is so many after the first one not told yet; None beyond the last.

        As many as trials before `number` are pending, and `attempt` more.
        """
        place = max(0, number - self._next) + attempt
        while len(self._open) <= place:
            point = next(self._walk, None)
            if point is None:
                self._walked = True
                return None
            if config_key(point) not in self._told and self._problem.permits(point):
                self._open[config_key(point)] = point
        return next(islice(self._open.values(), place, None))

    def tell(self, trial: Trial) -> None:
        """Takes the point out of the grid, however the trial ended."""
        self._next = max(self._next, trial.number + 1)
        self._told.add(config_key(trial.config))
        self._open.pop(config_key(trial.config), None)


def _rank(parameter: Parameter) -> int:
    """The smaller, the more a change costs: one without a service of the machine costs next to nothing."""
    if not parameter.apply.options.get("service"):
        return _FREE
    return _RANKS.get(parameter.scope, _FREE)
