"""Effects as they are learnt from a search's values, from shuffled ones, and from resampled trials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from autotune.model.importance import Figure
from autotune.model.problem import Problem
from autotune.search.codes import Codes, Floats, Rows
from autotune.search.draw import generator
from autotune.search.effects import Effects, Fitted, side_by_side
from autotune.search.permutation import Believed
from autotune.search.significance import LEVEL, RESAMPLES, SHUFFLES, figures
from autotune.search.varied import Varied

_POINTS, _MANY, _FEWER = 200, 40, 60
"""Points of the space; more than 40 parameters have to do with fewer."""

_PAIRED = 5
"""So many parameters, those that do most by themselves, are looked at in pairs."""

_BETTER = 0.75
"""Of the variance that parameters by themselves do not foretell, pairs have to leave less than this."""

_LARGEST = 700.0  # beyond it an exponential is no number

_SPACE, _VALUES, _CHANGES = 30, 31, 32  # purposes of randomness


class Learnt:
    """What the (n,) `values` of trials at `rows` say of the parameters `indices`.

    `relative` says that they are logarithms. `explained` is the share of their variance that is foretold of
    each of them by the others.
    """

    def __init__(  # noqa: PLR0913  as many as a search has
        self,
        problem: Problem,
        codes: Codes,
        rows: Rows,
        values: Floats,
        indices: Sequence[int],
        *,
        relative: bool,
    ) -> None:
        self._seed, self._relative = problem.seed, relative
        count = _POINTS if len(indices) <= _MANY else _FEWER
        varied = Varied(problem, codes, count, generator(self._seed, 0, 0, _SPACE))
        self._believed = Believed(codes, varied, rows, indices)
        self._random = generator(self._seed, 0, 0, _VALUES)
        self._deviation = float(values.std())
        self._values = (values - values.mean()) / self._deviation
        self._effects, self._fitted = self._chosen()
        self._shuffles = self._effects.fit(self._shuffled(self._values))
        foretold = _foretold(self._effects, self._fitted)[0]
        usual = np.quantile(_foretold(self._effects, self._shuffles), LEVEL, method="higher")
        self.explained, self._tells = max(0.0, float(foretold)), bool(foretold > max(0.0, usual))
        counts = self._random.multinomial(len(values), np.full(len(values), 1 / len(values)), size=RESAMPLES)
        self._resampled = self._effects.resampled(self._values, counts.T)

    def _chosen(self) -> tuple[Effects, Fitted]:
        """Effects of the parameters by themselves; with pairs where these foretell far better.

        In few trials pairs can be made to fit anything, and then add up to effects that nobody has seen.
        """
        alone = self._believed.effects()
        by_itself = alone.fit(self._values[:, None])
        order = np.argsort(-by_itself.variances[:, 0], kind="stable")
        paired = self._believed.effects(list(combinations(np.sort(order[:_PAIRED]).tolist(), 2)))
        together = paired.fit(self._values[:, None])
        left = 1 - _foretold(alone, by_itself)[0]
        if 1 - _foretold(paired, together)[0] < _BETTER * left:
            return paired, together
        return alone, by_itself

    def changes(self) -> list[Figure]:
        """How far the objective goes when one parameter is set at random, parameter by parameter.

        Shuffled are values of the size that is not foretold: what others explain is no noise for a parameter.
        """
        every = side_by_side([self._fitted, self._shuffles, self._resampled])
        found = self._believed.changes(self._effects, every, generator(self._seed, 0, 0, _CHANGES))
        found[:, 1 : 1 + SHUFFLES] *= math.sqrt(1 - self.explained)
        told = self._figures(found)
        return [
            replace(figure, needed=figure.needed and (not figure.shown or self._needed(place)))
            for place, figure in enumerate(told)
        ]

    def _needed(self, place: int) -> bool:
        """Whether the other parameters cannot stand in for this one: how likely the values are without it.

        A search that moved two parameters together cannot tell which of them mattered. Asked for is a factor
        of 20 for each parameter that could have been the one.
        """
        whole = self._effects.evidence(self._values, self._fitted)
        without = self._effects.evidence(self._values, self._effects.without(place, self._values))
        return whole - without > math.log(len(self._believed.indices) / (1 - LEVEL))

    def together(self, places: Sequence[int]) -> list[tuple[tuple[int, int], Figure]]:
        """What the parameters at these places among `indices` do in pairs, the strongest pair first.

        None where pairs foretell no better than the parameters by themselves.
        """
        pairs = [pair for pair in self._effects.pairs if set(pair) <= set(places)]
        if not pairs:
            return []
        every = side_by_side([self._fitted, self._without_pairs(), self._resampled])
        found = np.array([self._believed.together(self._effects, pair, every) for pair in pairs])
        both = zip(pairs, self._figures(found), strict=True)
        return sorted(both, key=lambda one: -one[1].value)

    def _without_pairs(self) -> Fitted:
        """Effects on values without any in pairs: those of single parameters, and shuffled rests.

        Freedman and Lane (1983); rests are brought back to the size that the fit took from them.
        """
        alone = self._effects.fit(self._values[:, None], pairs=False)
        rests, errors = (found[:, 0] for found in self._effects.left_out(alone))
        columns = self._shuffled(np.sign(rests) * np.sqrt(np.maximum(rests * errors, 0)))
        columns += (self._values - rests)[:, None]
        return self._effects.fit(columns - columns.mean(axis=0))

    def _shuffled(self, values: Floats) -> Floats:
        """(n, shuffles)."""
        return np.column_stack([self._random.permutation(values) for _ in range(SHUFFLES)])

    def _figures(self, found: Floats) -> list[Figure]:
        """Where the model foretells no more than of shuffled values, their mean explains them as well."""
        told = figures(found, scaled=self._scaled)
        return told if self._tells else [replace(one, needed=False) for one in told]

    def _scaled(self, change: float) -> float:
        """A change of the standardised values as a share of the objective, or in its unit."""
        found = change * self._deviation
        return math.expm1(min(found, _LARGEST)) if self._relative else found


def _foretold(effects: Effects, fitted: Fitted) -> Floats:
    """(columns,): the share of the variance that is foretold of trials that are left out."""
    _, errors = effects.left_out(fitted)
    return np.asarray(1 - np.mean(errors**2, axis=0))
