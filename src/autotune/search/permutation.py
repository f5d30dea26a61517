"""How far what is believed of configurations goes when one parameter is set at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autotune.search.codes import Codes, Floats, Rows
from autotune.search.effects import Effects, Fitted, Own, Part
from autotune.search.varied import Varied


class Believed:
    """Effects of the parameters `indices` over the space, learnt from the trials at `rows`."""

    def __init__(self, codes: Codes, varied: Varied, rows: Rows, indices: Sequence[int]) -> None:
        self._codes, self._varied, self.indices = codes, varied, tuple(indices)
        self._trials = self._apart(rows)
        points = self._apart(varied.rows)
        self._parts = [Part(own) for own in points]
        self._own = [part.between(own, own) for part, own in zip(self._parts, self._trials, strict=True)]
        self._across = self._covariances(points)

    def effects(self, pairs: Sequence[tuple[int, int]] = ()) -> Effects:
        """What learns the effects of every parameter, and of pairs of places among `indices`."""
        return Effects(self._own, pairs)

    def _apart(self, rows: Rows) -> list[Own]:
        """Each parameter by itself."""
        features, active = self._codes.features(rows), self._varied.active(rows)
        return [Own(features[:, self._codes.group == i], active[:, i]) for i in self.indices]

    def _covariances(self, points: list[Own]) -> list[Floats]:
        """(points, trials) of each parameter."""
        whole = zip(self._parts, points, self._trials, strict=True)
        return [part.between(own, trials) for part, own, trials in whole]

    def changes(self, effects: Effects, fitted: Fitted, random: np.random.Generator) -> Floats:
        """(parameters, columns): the root of the mean square by which values change.

        Permutation importance (Breiman 2001) of what is believed rather than of errors, over the space rather
        than over the trials, which a search draws where values are good: its square is twice a parameter's
        share of the variance with all its interactions (Jansen 1999), where parameters are independent.
        """
        found = [self._change(effects, place, fitted, random) for place in range(len(self.indices))]
        return np.sqrt([np.mean(change**2, axis=0) for change in found])

    def _change(self, effects: Effects, place: int, fitted: Fitted, random: np.random.Generator) -> Floats:
        """(points, columns): the values less those with the parameter changed."""
        points = self._apart(self._varied.changed(self.indices[place], random))
        changed = list(self._across)
        if self.indices[place] in self._varied.deciding:  # others are active then
            changed = self._covariances(points)
        else:
            changed[place] = self._parts[place].between(points[place], self._trials[place])
        alone = [(i,) for i in range(len(changed)) if changed[i] is not self._across[i]]
        paired = [pair for pair in effects.pairs if any((i,) in alone for i in pair)]
        found = np.zeros((len(self._varied.rows), fitted.weights.shape[1]))
        for component in (*alone, *paired):
            moved = _product(self._across, component) - _product(changed, component)
            found += moved @ fitted.weights * fitted.variances[self._row(effects, component)]
        return found

    def _row(self, effects: Effects, component: tuple[int, ...]) -> int:
        """Where the variances of a parameter or a pair stand."""
        if len(component) == 1:
            return component[0]
        return len(self.indices) + effects.pairs.index((component[0], component[1]))

    def together(self, effects: Effects, pair: tuple[int, int], fitted: Fitted) -> Floats:
        """(columns,): the root of the mean square of what two of the parameters do beyond their sum."""
        variances = fitted.variances[self._row(effects, pair)]
        both: Floats = _product(self._across, pair) @ fitted.weights * variances
        return np.asarray(np.sqrt(np.mean(both**2, axis=0)))


def _product(across: list[Floats], component: tuple[int, ...]) -> Floats:
    return np.asarray(np.prod([across[place] for place in component], axis=0))
