"""Rows of codes near others: neighbours, mutations, crossovers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from autotune.search.codes import Axis, Codes, Floats, Rows, stacked

Others: TypeAlias = Callable[[Axis, float], Floats]
"""Codes of a parameter that a code may change to, itself among them or not."""

_WHOLE = 16
"""A line of at most so many values has all of them as neighbours, a longer one 8 steps to either side."""
_STEPS = np.arange(1, 9)
_ANY = 64
"""So many values of a longer line are any value."""


def neighbours(codes: Codes, row: Floats) -> Rows:
    """All configurations that differ in one parameter, by at most a few steps on a long line."""
    return _changed(codes, row, _near)


def anywhere(codes: Codes, row: Floats, random: np.random.Generator) -> Rows:
    """All configurations that differ in one parameter, whatever its value; of long lines a draw."""

    def others(axis: Axis, code: float) -> Floats:
        if axis.dense or axis.line > _ANY:
            return np.concatenate([axis.drawn(_ANY, random), _near(axis, code)])
        return np.arange(len(axis.values), dtype=float)

    return _changed(codes, row, others)


def _changed(codes: Codes, row: Floats, others: Others) -> Rows:
    active = codes.active(row)
    parts = []
    for index, axis in enumerate(codes.axes):
        if active[index]:
            values = others(axis, row[index])
            values = values[values != row[index]]
            part = np.tile(row, (len(values), 1))
            part[:, index] = values
            parts.append(part)
    return stacked(parts, len(row))


def _near(axis: Axis, code: float) -> Floats:
    singles = np.arange(axis.first, dtype=float)
    if axis.dense:
        return np.concatenate([singles, axis.strides(code)])
    line = np.arange(axis.first, axis.first + axis.line, dtype=float)
    if axis.line > _WHOLE and code >= axis.first:
        line = line[np.abs(line - code) <= _STEPS[-1]]
    return np.concatenate([singles, line])


def mutations(codes: Codes, parents: Rows, count: int, random: np.random.Generator) -> Rows:
    """`count` configurations that differ from one of the parents in two or three parameters."""
    found = parents[random.integers(len(parents), size=count)].copy()
    fresh = codes.drawn(count, random)
    width = found.shape[1]
    ranks = random.random(found.shape).argsort(axis=1).argsort(axis=1)
    changed = ranks < np.minimum(random.integers(2, 4, size=(count, 1)), width)
    return np.where(changed, fresh, found)


def crossovers(parents: Rows, count: int, random: np.random.Generator) -> Rows:
    """`count` configurations, each with every parameter from one of two parents."""
    ours = parents[random.integers(len(parents), size=count)]
    others = parents[random.integers(len(parents), size=count)]
    return np.where(random.random(ours.shape) < 0.5, ours, others)
