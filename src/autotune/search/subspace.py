"""The numeric part of a space, scaled to the unit cube, while the rest stands still."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from autotune.model.space import Config, Parameter, Space, Value
from autotune.search.domain import points
from autotune.search.moves import filled
from autotune.search.scale import moved, on_line, placed, position

Vector: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
"""A point of the unit cube, one coordinate for each parameter of the subspace."""


class Subspace:
    """The parameters that stand on their lines in `config`; all others keep its values."""

    def __init__(self, space: Space, config: Config) -> None:
        self._space = space
        self._whole = filled(space, config)
        self.parameters: tuple[Parameter, ...] = tuple(
            p for p in space.parameters if p.name in config and _moves(p, config[p.name])
        )

    @property
    def start(self) -> Vector:
        """Where the configuration itself is."""
        return np.array([position(p, self._whole[p.name]) for p in self.parameters], dtype=np.float64)

    def config(self, point: Vector) -> dict[str, Value]:
        """The configuration nearest to `point`."""
        return self._space.pruned({**self._whole, **self._values(point)})

    def snapped(self, point: Vector) -> Vector:
        """Where the configuration nearest to `point` is."""
        values = self._values(point)
        return np.array([position(p, values[p.name]) for p in self.parameters], dtype=np.float64)

    def beside(self, point: Vector, axis: int, by: float) -> tuple[dict[str, Value], float] | None:
        """The configuration about `by` along one axis, and how far it is in truth; None beyond the end."""
        parameter, values = self.parameters[axis], self._values(point)
        value = moved(parameter, values[parameter.name], by)
        if value is None:
            return None
        distance = position(parameter, value) - position(parameter, values[parameter.name])
        config = self._space.pruned({**self._whole, **values, parameter.name: value})
        return (config, distance) if distance else None

    def _values(self, point: Vector) -> dict[str, Value]:
        return {p.name: placed(p, float(x)) for p, x in zip(self.parameters, point, strict=True)}


def _moves(parameter: Parameter, value: Value) -> bool:
    return points(parameter) > 1 and on_line(parameter, value)
