"""Points all over a space, and the same with one parameter set to another one's value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autotune.model.problem import Problem
from autotune.search.codes import Codes, Floats, Rows

_ROUNDS = 8
"""So many times as many are drawn as are wanted; where fewer are permitted, what is not stands in."""


class Varied:
    """`count` configurations drawn from the whole space, as far as the problem permits them.

    Every parameter is drawn, also where it is inactive: when a change of another one makes it active, it has
    the value that was drawn for it.
    """

    def __init__(self, problem: Problem, codes: Codes, count: int, random: np.random.Generator) -> None:
        self._codes = codes
        names = {name for p in problem.space.parameters if p.when for name in p.when.names}
        self.deciding = frozenset(i for i, name in enumerate(problem.space.names) if name in names)
        self._drawn = _drawn(problem, codes, count, random)
        self.rows = self._settled(self._drawn)

    def changed(self, index: int, random: np.random.Generator) -> Rows:
        """The same rows where parameter `index` has the value that it has in another one, by a shuffle."""
        rows = self._drawn.copy()
        rows[:, index] = rows[random.permutation(len(rows)), index]
        return self._settled(rows)

    def active(self, rows: Rows) -> NDArray[np.bool_]:
        """(n, parameters): what is active in each of n rows."""
        if not self.deciding or not len(rows):
            return np.ones(rows.shape, dtype=bool)
        return np.array([self._codes.active(row) for row in rows])

    def _settled(self, rows: Rows) -> Rows:
        """The rows with inactive parameters at their default."""
        settled: Floats = np.where(self.active(rows), rows, self._codes.defaults)
        return settled


def _drawn(problem: Problem, codes: Codes, count: int, random: np.random.Generator) -> Rows:
    found: list[Floats] = []
    rest: list[Floats] = []
    for _ in range(_ROUNDS):
        for row in codes.drawn(count, random):
            (found if problem.permits(codes.config(row)) else rest).append(row)
        if len(found) >= count:
            break
    return np.array([*found, *rest][:count])
