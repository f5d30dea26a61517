"""Descent along gradients, from several starts and for one setting of the categories after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.model.trial import Trial
from autotune.search.descent import METHODS, Descent, difference
from autotune.search.draw import generator
from autotune.search.fresh import design, fresh
from autotune.search.history import History, Merit, one_objective
from autotune.search.lookup import Lookup, Told, UnknownError
from autotune.search.moves import resettled
from autotune.search.options import Default, chosen
from autotune.search.spsa import MEASURED, Gains, spsa
from autotune.search.subspace import Subspace

_STARTING, _SEEKING, _SETTLING, _RESTARTING, _DRAWING = 71, 72, 73, 74, 75
_NOISY = 0.01
_LEGS = 40
"""So many descents that ask for nothing new may follow each other before a draw is the answer."""

_SEARCHED = 60
"""Draws for a first configuration that runs, when none of the planned ones does."""

_SHARE = 4
"""With SPSA a quarter of the trials comes before the descent, of which there is but one."""

_AGAIN = 3
_USUAL_STEPS, _FEWEST_STEPS = 50, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """Where a descent begins, and the last trial that decided so."""

    number: int = 0
    start: Config | None = None
    last: int = -1


class Gradient:
    """Follows the slope of the numbers, then tries other categories there, then begins elsewhere.

    Methods of scipy on finite differences: `lbfgsb` (Byrd, Lu, Nocedal, Zhu 1995), `slsqp` (Kraft 1988),
    `trust` (Byrd, Hribar, Nocedal 1999); under noise, `spsa` (Spall 1998). Numbers and ordinals are scaled to
    [0, 1], by the logarithm where they are `log`; a difference spans one of their steps at least, and more
    where the noise asks for it. scipy calls a function and is called itself for each answer: it runs again
    from its start, on the outcomes that were told, up to the first configuration that has none.

    Options: `method` (`auto`: `spsa` where the noise is known to exceed 1 %, else `lbfgsb`); `startup` (8)
    configurations of a Latin hypercube come first, with `spsa` a quarter of the trials at least, and the best
    is where the first descent starts.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        defaults: dict[str, Default] = {"method": ("auto", *METHODS, "spsa"), "startup": 8}
        choice = chosen("gradient", options, defaults)
        one_objective("gradient", problem)
        self._problem = problem
        noisy = problem.noise is not None and problem.noise > _NOISY
        by_noise = "spsa" if noisy else "lbfgsb"
        self._method = by_noise if choice["method"] == "auto" else choice["method"]
        first = max(choice["startup"], (problem.trials or 0) // _SHARE if self._method == "spsa" else 0)
        self._design = design(problem, first, purpose=_STARTING)
        self._history = History(problem)
        self._told = Told(problem)
        self._leg = _Leg()

    def ask(self, number: int, attempt: int) -> Config | None:
        """The first configuration on the way that was not told; None where a small space is exhausted."""
        lookup = Lookup(self._told, self._history.ahead(number) + attempt, last=self._leg.last)
        leg = self._leg
        try:
            for _ in range(_LEGS):
                leg = self._next(lookup, leg)
                if not lookup.guessed:
                    self._leg = leg  # what rests on outcomes alone is not gone through again
        except UnknownError as unknown:
            return unknown.config
        random = generator(self._problem.seed, number, attempt, _DRAWING)
        return fresh(self._problem, self._history.seen, random)

    def tell(self, trial: Trial) -> None:
        """Keeps the outcome; the first one of a configuration counts."""
        self._history.take(trial)
        self._told.take(trial)

    def _next(self, lookup: Lookup, leg: _Leg) -> _Leg:
        """The descent that follows after `leg`; raises UnknownError on the way there."""
        if leg.start is None:
            start = self._first(lookup)
            return leg if start is None else _Leg(number=1, start=start, last=lookup.last)
        self._descend(lookup, leg.number, leg.start)
        start = self._resettled(lookup, leg.number) or self._elsewhere(lookup, leg.number) or leg.start
        return _Leg(number=leg.number + 1, start=start, last=lookup.last)

    def _first(self, lookup: Lookup) -> Config | None:
        """The best of the planned configurations, or the first drawn one that runs."""
        for config in self._design:
            lookup.merit(config)
        known: set[str] = {config_key(c) for c in self._design}
        for draws in range(_SEARCHED):
            if best := lookup.best():
                return best[1]
            drawn = fresh(self._problem, known, generator(self._problem.seed, draws, 0, _SEEKING))
            if drawn is not None:
                known.add(config_key(drawn))
                lookup.merit(drawn)
        return None

    def _descend(self, lookup: Lookup, number: int, start: Config) -> None:
        subspace = Subspace(self._problem.space, start)
        merit = lookup.merit(start)
        if not subspace.parameters or not merit.feasible:
            return
        noise = self._problem.noise
        if self._method == "spsa":
            spsa(lookup, subspace, self._gains(), seed=self._problem.seed, leg=number)
            return
        spread = lookup.spread()
        step = difference(noise, level=merit.loss, spread=spread)
        Descent(lookup, subspace, spread=spread, step=step).run(self._method)

    def _gains(self) -> Gains:
        trials, steps = self._problem.trials, _USUAL_STEPS
        if trials is not None:
            steps = max(_FEWEST_STEPS, int((trials - len(self._design)) / MEASURED))
        return Gains(steps=steps, noise=self._problem.noise or 0.0)

    def _resettled(self, lookup: Lookup, number: int) -> Config | None:
        """A configuration better than the best that differs from it in one category."""
        best = lookup.best()
        if best is None:
            return None
        random = generator(self._problem.seed, number, 0, _SETTLING)
        others = resettled(self._problem, best[1], random)
        return next((c for c in others if lookup.merit(c, best[0]) < best[0]), None)

    def _elsewhere(self, lookup: Lookup, number: int) -> Config | None:
        """The best of a few new configurations, spread evenly."""
        known: dict[Merit, Config] = {}
        for config in design(self._problem, _AGAIN, purpose=_RESTARTING + number * _DRAWING):
            known.setdefault(lookup.merit(config), config)
        return known[min(known)] if known and min(known).feasible else None
