"""Configurations as rows of numbers, so that hundreds are compared at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autotune.model.space import Config, Parameter, Space, Value
from autotune.search.domain import index_of, nearest, nth, points, singles

Floats: TypeAlias = NDArray[np.float64]

Rows: TypeAlias = Floats
"""(n, parameters): codes. One below the count of single values is one of them, the others are the line."""

_LISTED = 1024
"""A line of at most so many values is coded by their index, a longer one by the share of the way along it."""

_LINE_WEIGHT = 4  # as in draw: a single value weighs at least a quarter of the line beside it
_MIDDLE = 0.5
_STRIDES = 2.0 ** -np.arange(1, 9)
_REMEMBERED = 1024


class Axis:
    """One parameter: its codes, what they stand for, and where they lie."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        self.singles = singles(parameter)
        count = points(parameter)
        self.listed = count <= _LISTED
        self.line = int(count) if self.listed else 0
        self.dense = not self.listed
        self.first = len(self.singles)
        self._strides: dict[float, Floats] = {}

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """What the codes 0, 1, ... stand for; of a dense line only the single values."""
        return (*self.singles, *(nth(self.parameter, index) for index in range(self.line)))

    @property
    def columns(self) -> int:
        """Features that the parameter has: one for the line, one for each single value."""
        return self.first + (self.dense or self.line > 0)

    @cached_property
    def _features(self) -> Rows:
        """(codes, columns) of what is listed; categories lie 1 apart, a single value and a line about 1."""
        line = [_position(self.parameter, value) for value in self.values[self.first :]]
        if not line and not self.dense:
            return np.eye(self.first) / math.sqrt(2)
        features = np.zeros((len(self.values), self.columns))
        features[: self.first, 0] = _MIDDLE
        features[: self.first, 1:] = np.eye(self.first)
        features[self.first :, 0] = line
        return features

    def features(self, codes: Floats) -> Rows:
        """(n, columns) of n codes."""
        if not self.dense:
            return np.asarray(self._features[codes.astype(int)])
        on_line = codes >= self.first
        found = np.zeros((len(codes), self.columns))
        found[on_line, 0] = codes[on_line] - self.first
        found[~on_line] = self._features[codes[~on_line].astype(int)]
        return found

    def value(self, code: float) -> Value:
        """What the code stands for."""
        if self.dense and code >= self.first:
            return _at_position(self.parameter, code - self.first)
        return self.values[int(code)]

    def code(self, value: Value) -> float:
        """The code of a value of the domain."""
        for index, single in enumerate(self.singles):
            if single == value and type(single) is type(value):
                return float(index)
        if self.dense:
            return self.first + _position(self.parameter, value)
        return float(self.first + index_of(self.parameter, value))

    def strides(self, code: float) -> Floats:
        """Codes of a dense line at a half, a quarter, ... of it to either side of a code.

        Those of a single value are around the middle. What is best is asked for again and again.
        """
        if code not in self._strides:
            if len(self._strides) >= _REMEMBERED:
                self._strides.clear()
            place = code - self.first if code >= self.first else _MIDDLE
            line = np.concatenate([place + _STRIDES, place - _STRIDES])
            line = line[(line >= 0) & (line <= 1)]
            self._strides[code] = np.array([self.code(self.value(self.first + u)) for u in line.tolist()])
        return self._strides[code]

    def drawn(self, count: int, random: np.random.Generator) -> Floats:
        """`count` codes, uniform over the domain as `draw_value` is."""
        return self.at_shares(random.random(count))

    def at_shares(self, shares: Floats) -> Floats:
        """Codes at shares in [0, 1) of the domain, the single values first."""
        weight = min(points(self.parameter), _LINE_WEIGHT)
        places = shares * (self.first + weight)
        if not weight:
            return np.floor(places)
        along = np.maximum(places - self.first, 0) / weight
        return np.where(places < self.first, np.floor(places), self.first + self._along(along))

    def _along(self, shares: Floats) -> Floats:
        """Codes behind the first one of the line at shares of it, as `domain.at` has them."""
        parameter, low, high = self.parameter, self.parameter.low, self.parameter.high
        if self.dense and parameter.kind == "float" and parameter.step is None:
            numbers = low * (high / low) ** shares if parameter.log else low + shares * (high - low)
            return self._positions(np.clip(numbers, low, high).tolist())
        index = self._indices(shares)
        if self.listed:
            return index
        if parameter.kind == "int":
            step = int(parameter.step or 1)
            return self._positions([int(low) + int(i) * step for i in index.tolist()])
        return self._positions([nth(parameter, int(i)) for i in index.tolist()])

    def _positions(self, values: Sequence[Value]) -> Floats:
        """As `_position`, of many values of a dense line."""
        low, span = self.parameter.low, self.parameter.high - self.parameter.low
        numbers = [value for value in values if isinstance(value, (int, float))]
        if self.parameter.log:
            whole = math.log(self.parameter.high / low)
            return np.array([math.log(number / low) / whole for number in numbers])
        return np.array([(number - low) / span for number in numbers])

    def _indices(self, shares: Floats) -> Floats:
        """Which of its steps lie at shares of a line that has them."""
        parameter, count = self.parameter, points(self.parameter)
        if not parameter.log:
            return np.asarray(np.minimum(np.floor(shares * count), count - 1))
        low, step = parameter.low, parameter.step or 1
        along = (low * ((parameter.high + step) / low) ** shares - low) / step
        return np.asarray(np.clip(np.floor(along), 0, count - 1))


def _position(parameter: Parameter, value: Value) -> float:
    """Where a value of the line lies, from 0 to 1; of an ordinal and of even steps by index."""
    if parameter.kind == "ordinal":
        return index_of(parameter, value) / max(1.0, points(parameter) - 1)
    if not isinstance(value, (int, float)) or parameter.high == parameter.low:
        return _MIDDLE
    if parameter.log:
        return math.log(value / parameter.low) / math.log(parameter.high / parameter.low)
    return (value - parameter.low) / (parameter.high - parameter.low)


def _at_position(parameter: Parameter, position: float) -> Value:
    low, high = parameter.low, parameter.high
    number = low * (high / low) ** position if parameter.log else low + position * (high - low)
    return nearest(parameter, number)


class Codes:
    """A space whose configurations are rows of codes; an inactive parameter has its default's code."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.axes = tuple(Axis(parameter) for parameter in space.parameters)
        self.defaults = np.array([_default(axis) for axis in self.axes])
        self.group = np.repeat(np.arange(len(self.axes)), [axis.columns for axis in self.axes])
        deciding = {name for p in space.parameters if p.when for name in p.when.names}
        self._deciding = [i for i, name in enumerate(space.names) if name in deciding]
        self._active: dict[tuple[float, ...], NDArray[np.bool_]] = {}

    def row(self, config: Config) -> Floats | None:
        """The row of a configuration; None where it holds what the space does not."""
        if not config.keys() <= set(self.space.names):
            return None
        row = self.defaults.copy()
        for index, axis in enumerate(self.axes):
            name = axis.parameter.name
            if name in config:
                if not axis.parameter.contains(config[name]):
                    return None
                row[index] = axis.code(config[name])
        return row

    def config(self, row: Floats) -> dict[str, Value]:
        """The configuration of a row, without inactive parameters."""
        active = self.active(row)
        return {
            axis.parameter.name: axis.value(code)
            for axis, code, is_active in zip(self.axes, row, active, strict=True)
            if is_active
        }

    def active(self, row: Floats) -> NDArray[np.bool_]:
        """Which parameters are active in a row."""
        key = tuple(float(row[index]) for index in self._deciding)
        if key not in self._active:
            whole = {axis.parameter.name: axis.value(code) for axis, code in zip(self.axes, row, strict=True)}
            kept = self.space.pruned(whole)
            self._active[key] = np.array([name in kept for name in self.space.names])
        return self._active[key]

    def canonical(self, rows: Rows) -> Rows:
        """The rows, each once, with inactive parameters at their default."""
        if self._deciding:
            active = np.array([self.active(row) for row in rows]).reshape(rows.shape)
            rows = np.where(active, rows, self.defaults)
        first: dict[bytes, int] = {}
        for place, key in enumerate(keys(rows)):
            first.setdefault(key, place)
        return rows[list(first.values())]

    def features(self, rows: Rows) -> Rows:
        """(n, columns): where n configurations lie; columns of parameter i are those where `group` is i."""
        if not len(rows):
            return np.zeros((0, len(self.group)))
        return np.hstack([axis.features(rows[:, index]) for index, axis in enumerate(self.axes)])

    def drawn(self, count: int, random: np.random.Generator) -> Rows:
        """`count` configurations at random; constraints may not hold."""
        return np.column_stack([axis.drawn(count, random) for axis in self.axes])

    def at_shares(self, shares: Rows) -> Rows:
        """Rows at shares in [0, 1), one for each parameter."""
        return np.column_stack([axis.at_shares(shares[:, index]) for index, axis in enumerate(self.axes)])


def _default(axis: Axis) -> float:
    """The default's code; of a default outside the domain (the machine's present value) the nearest one."""
    parameter, value = axis.parameter, axis.parameter.default
    if parameter.contains(value):
        return axis.code(value)
    if parameter.numeric and isinstance(value, (int, float)) and not isinstance(value, bool):
        return axis.code(nearest(parameter, min(max(value, parameter.low), parameter.high)))
    return 0.0


def keys(rows: Rows) -> list[bytes]:
    """One key per row, the same for the same configuration."""
    return [row.tobytes() for row in np.ascontiguousarray(rows)]


def stacked(parts: Sequence[Rows], width: int) -> Rows:
    """The rows of all parts."""
    found = [part for part in parts if len(part)]
    return np.vstack(found) if found else np.zeros((0, width))
