"""Which values, pairs and triples of values exclude each other, learnt from what failed."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autotune.search.codes import Axis, Codes, Floats, Rows

Places: TypeAlias = NDArray[np.int_]

_BINS = 8
"""A line of more than 16 values is cut into so many stretches."""
_WHOLE = 16

_ORDER = 3
_MOST_TERMS, _MOST_CELLS = 500, 200_000
"""More combinations of parameters, or of their values, are not looked at: larger spaces have pairs only."""

_BEFORE, _WEIGHT = 0.003, 0.3
"""How likely one combination of values is to fail before anything is known, and the outcomes that weighs."""
_CERTAIN = 0.999
_ROUNDS = 6


class Exclusions:
    """A configuration works where no combination in it fails, each independently: a noisy OR (Pearl 1988).

    The constraints of real systems are between few parameters. A combination of up to three values that was
    in a configuration that worked is in order; the blame for each failure is shared among the others in it,
    by some rounds of expectation and maximisation (Dempster, Laird, Rubin 1977).
    """

    def __init__(self, codes: Codes, rows: Rows, worked: NDArray[np.bool_]) -> None:
        self._axes = codes.axes
        sizes = [_size(axis) for axis in codes.axes]
        terms = _terms(sizes)
        firsts = np.cumsum([0, *(math.prod(sizes[i] for i in term) for term in terms)])
        self._first, self._strides = firsts[:-1], _strides(sizes, terms)
        places = self._places(rows)
        self._works = np.full(firsts[-1], math.log1p(-_BEFORE))
        cells, inside = np.unique(places[~worked], return_inverse=True)
        fine = np.zeros(firsts[-1], dtype=bool)
        fine[places[worked]] = True
        self._works[cells] = np.log1p(-_blamed(inside.reshape(-1, places.shape[1]), ~fine[cells]))
        self._works[fine] = 0.0

    def log_works(self, rows: Rows) -> Floats:
        """(m,): logarithm of the probability that each of (m, parameters) rows works."""
        return np.asarray(self._works[self._places(rows)].sum(axis=1))

    def _places(self, rows: Rows) -> Places:
        """(n, terms): the cell of each combination of parameters in each row."""
        bins = np.column_stack([_binned(axis, rows[:, index]) for index, axis in enumerate(self._axes)])
        return np.asarray(bins @ self._strides + self._first, dtype=int)


def _blamed(inside: Places, suspect: NDArray[np.bool_]) -> Floats:
    """(cells,): how likely each cell fails; `inside` (failures, terms) holds the cells of each failure."""
    fails = np.where(suspect, _BEFORE, 0.0)
    if not len(inside):
        return fails
    told = np.bincount(inside.ravel(), minlength=len(fails))
    for _ in range(_ROUNDS):
        each = fails[inside]
        any_of = np.maximum(1 - np.prod(1 - each, axis=1), _BEFORE**2)
        blame = np.bincount(inside.ravel(), (each / any_of[:, None]).ravel(), minlength=len(fails))
        fails = np.where(suspect, np.minimum((_BEFORE * _WEIGHT + blame) / (_WEIGHT + told), _CERTAIN), 0.0)
    return fails


def _terms(sizes: list[int]) -> list[tuple[int, ...]]:
    """Combinations of one, two and three parameters, as far as these are not too many."""
    found: list[tuple[int, ...]] = []
    for order in range(1, _ORDER + 1):
        if len(found) + math.comb(len(sizes), order) > _MOST_TERMS:
            break
        more = list(combinations(range(len(sizes)), order))
        cells = sum(math.prod(sizes[i] for i in term) for term in [*found, *more])
        if cells > _MOST_CELLS:
            break
        found += more
    return found


def _strides(sizes: list[int], terms: list[tuple[int, ...]]) -> Floats:
    """(parameters, terms): by how many cells a combination moves when a parameter takes its next value."""
    found = np.zeros((len(sizes), len(terms)))
    for column, term in enumerate(terms):
        stride = 1
        for index in reversed(term):
            found[index, column] = stride
            stride *= sizes[index]
    return found


def _size(axis: Axis) -> int:
    return axis.first + (axis.line if axis.listed and axis.line <= _WHOLE else _BINS)


def _binned(axis: Axis, codes: Floats) -> Floats:
    """(n,): single values as they are, then the values or stretches of the line."""
    if axis.listed and axis.line <= _WHOLE:
        return codes
    share = codes - axis.first if axis.dense else (codes - axis.first) / axis.line
    stretch = axis.first + np.floor(np.clip(share * _BINS, 0, _BINS - 1))
    return np.where(codes < axis.first, codes, stretch)
