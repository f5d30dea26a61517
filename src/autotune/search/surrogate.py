"""Search by what is believed of configurations: which are looked at, and in which order they are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
import scipy  # its parts load when they are used

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.belief import Belief, View
from autotune.search.codes import Codes, Rows, keys, stacked
from autotune.search.draw import draw, generator
from autotune.search.process import one_thread
from autotune.search.variations import anywhere, crossovers, mutations, neighbours

Rank: TypeAlias = Callable[[View, np.random.Generator], Rows]
"""Rows to answer, the best first, from what is believed."""

STARTUP = 5
_ENOUGH = 3
"""So many have to work before values are looked at: until then the search is for what works."""

_PARENTS, _CROSSED, _CLIMBED = 5, 10, 3
_MUTATIONS, _CROSSOVERS, _DRAWS = 100, 60, 100
_ANSWERED = 30
"""The proposer asks no more often for one trial."""

_LIKELY = 0.3
"""A change of the incumbent that is less likely to work is not drawn for."""

_START, _RANKING = 1, 2  # purposes of randomness


class Surrogate:
    """Beliefs about a space, and the candidates that are compared by them."""

    def __init__(self, problem: Problem, *, startup: int) -> None:
        self.problem = problem
        self.codes = Codes(problem.space)
        self.belief = Belief(problem, self.codes)
        self._startup = startup
        self._told = self._next = 0
        self._ranked: tuple[tuple[int, int], list[Config]] = ((-1, -1), [])

    def tell(self, trial: Trial) -> None:
        """Takes a finished trial."""
        self._told += 1
        self._next = max(self._next, trial.number + 1)
        self.belief.tell(trial)

    @one_thread
    def answer(self, number: int, attempt: int, rank: Rank) -> Config:
        """The permitted configuration at place `attempt` of the ranking; beyond its last, one at random.

        Trials that are pending have the places before it. The first `startup` are a Latin hypercube. Until
        three have worked, what likely works comes first.
        """
        first = min(number, self._next)
        if self._ranked[0] != (first, self._told):
            self._ranked = (first, self._told), list(self._permitted(self._order(first, rank)))
        ranked, place = self._ranked[1], number - first + attempt
        if place < len(ranked):
            return ranked[place]
        return draw(self.problem.space, generator(self.problem.seed, number, attempt))

    def _order(self, number: int, rank: Rank) -> Rows:
        if len(self.belief.known) < self._startup:
            return self._fresh([self._start()])
        view = self.belief.view(number)
        random = generator(self.problem.seed, number, 0, _RANKING)
        if view is None or view.seen.worked.sum() < _ENOUGH:
            return self._likely(view, random)
        return rank(view, random)

    def _start(self) -> Rows:
        random = generator(self.problem.seed, 0, 0, _START)
        sampler = scipy.stats.qmc.LatinHypercube(d=max(1, len(self.codes.axes)), rng=random)
        return self.codes.at_shares(sampler.random(self._startup))

    def _permitted(self, rows: Rows) -> Iterator[Config]:
        """At most as many as are ever asked for; a ranking is cut where enough are known."""
        found = 0
        for row in rows:
            config = self.codes.config(row)
            if self.problem.permits(config):
                yield config
                found += 1
            if found == _ANSWERED:
                return

    def _fresh(self, parts: list[Rows]) -> Rows:
        """The rows of all parts, each once, without those that were told."""
        rows = self.codes.canonical(stacked(parts, len(self.codes.axes)))
        closed = self.belief.known.closed
        return rows[[key not in closed for key in keys(rows)]] if len(rows) else rows

    def _likely(self, view: View | None, random: np.random.Generator) -> Rows:
        """Neighbours of what worked and random points, the most likely to work first."""
        draws = self.codes.drawn(_DRAWS, random)
        if view is None:
            return self._fresh([draws])
        near = [neighbours(self.codes, view.seen.rows[place]) for place in view.incumbents]
        rows = self._fresh([*near, draws])
        return rows[np.argsort(-view.log_works(rows), kind="stable")]

    def by_improvement(self, view: View, random: np.random.Generator) -> Rows:
        """By expected improvement times the probability of working, after one step up from the best three."""
        best = view.seen.rows[view.incumbents]
        rows = self._fresh(
            [
                *(neighbours(self.codes, row) for row in best[:_PARENTS]),
                mutations(self.codes, best[:_PARENTS], _MUTATIONS, random),
                crossovers(best[:_CROSSED], _CROSSOVERS, random),
                self.codes.drawn(_DRAWS, random),
            ]
        )
        worth = view.worth(rows)
        top = rows[np.argsort(-worth, kind="stable")[:_CLIMBED]]
        further = self._fresh([neighbours(self.codes, row) for row in top])
        rows, worth = np.vstack([rows, further]), np.concatenate([worth, view.worth(further)])
        return rows[np.argsort(-worth, kind="stable")]

    def by_draw(self, view: View, random: np.random.Generator) -> Rows:
        """Changes of one parameter of the best, by one value of each drawn from what is believed of it.

        What is unlikely to work is left out, the rest stays with the probability that it works. Where nothing
        is left around the best, the next best comes.
        """
        for place in view.incumbents:
            rows = self._fresh([anywhere(self.codes, view.seen.rows[place], random)])
            works = np.exp(view.log_works(rows))
            rows = rows[(works >= _LIKELY) & (random.random(len(rows)) < works)]
            if len(rows):
                return rows[np.argsort(view.drawn(rows, random), kind="stable")]
        return self.by_improvement(view, random)
