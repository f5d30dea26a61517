"""The sampler to take where nothing speaks for another: a Gaussian process, asked in two ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.belief import View
from autotune.search.codes import Rows
from autotune.search.options import chosen
from autotune.search.surrogate import STARTUP, Surrogate

_DRAWN = 0.3
"""So often a change of the incumbent is drawn for; else the greatest expected improvement is asked for."""

_RESERVE = 10
"""Under noise the last tenth of the trials goes to the best once more."""

_CONTENDERS = 20

_RACED = 2
"""Where the time bounds the search, it may end before the reserve is due: the best is run twice."""


class Auto:
    """Seven of ten asks maximise expected improvement, three are a draw among the incumbent's changes.

    Beliefs are a Gaussian process of the logarithm of the objective and one of whether a configuration works.
    Expected improvement (Jones et al. 1998) looks at neighbours of the best, mutations, crossovers and random
    points; the draw (Thompson 1933) at every change of one parameter of the incumbent. Where measurements are
    noisy, no configuration is repeated until the last tenth of the trials, which goes to those of the best 20
    about which one more run tells most (knowledge gradient, Frazier et al. 2009), and what is recommended is
    the best by belief, not by the value seen; where a time bounds the search, what becomes the best is
    measured twice at once (racing, Maron and Moore 1997). Several objectives are weighed anew for each trial
    (Knowles 2006). Option `startup` (5): so many trials of a Latin hypercube come first.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        startup = chosen("auto", options, {"startup": STARTUP})["startup"]
        self._search = Surrogate(problem, startup=startup)
        self._trials, self._timed, self._startup = problem.trials, problem.timed, startup

    def ask(self, number: int, attempt: int) -> Config:
        """A configuration for trial `number`."""
        return self._search.answer(number, attempt, self._ranked)

    def _ranked(self, view: View, random: np.random.Generator) -> Rows:
        by = self._search.by_draw if random.random() < _DRAWN else self._search.by_improvement
        return by(view, random)

    def again(self, number: int) -> Config | None:
        """One of the best, near the end of a noisy search; the best wherever that end is not known."""
        near = self._trials is not None and number >= self._trials - self._trials // _RESERVE
        belief = self._search.belief
        if not (belief.noise and (near or self._timed) and len(belief.known) >= self._startup):
            return None
        view = belief.view(number)
        if view is None or not len(view.finished):
            return None
        place = view.again(_CONTENDERS)[0] if near else view.finished[0]
        return belief.known.configs[place] if near or view.seen.counts[place] < _RACED else None

    def recommended(self, count: int) -> tuple[Config, ...]:
        """The best that was measured, by belief."""
        view = self._search.belief.view(0)
        if view is None:
            return ()
        return tuple(self._search.belief.known.configs[place] for place in view.finished[:count])

    def tell(self, trial: Trial) -> None:
        """Takes the outcome where it says something about the configuration."""
        self._search.tell(trial)
