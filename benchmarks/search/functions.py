"""Smooth functions of known optimum, as systems to be tuned."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import rosen
from scipy.stats import qmc

from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Parameter, Space

Floats: TypeAlias = NDArray[np.float64]

_SAMPLED = 12
"""The typical value is the median of 2**12 points of a Sobol sequence."""

_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
_STEEPNESS = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
_CENTRES = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def _sphere(x: Floats) -> float:
    """Lowest away from the middle, where some searches begin."""
    return float(((x - 1.234) ** 2).sum())


def _rosenbrock(x: Floats) -> float:
    return float(rosen(x))


def _hartmann(x: Floats) -> float:
    """Six dimensions, four hills (Dixon and Szego 1978)."""
    return -float(_WEIGHTS @ np.exp(-(_STEEPNESS * (x - _CENTRES) ** 2).sum(axis=1)))


@dataclass(frozen=True)
class Smooth:
    """A function over a box, as the time of some work: 1 at its optimum, 2 at an ordinary point.

    Relative noise has its full size there too, as at the optimum of a real system.
    """

    name: str
    function: Callable[[Floats], float]
    low: float
    high: float
    dimensions: int
    lowest: float

    @property
    def sign(self) -> float:
        """Less is better."""
        return 1.0

    @property
    def typical(self) -> float:
        """What half of the points are better than."""
        return 2.0

    @cached_property
    def _scale(self) -> float:
        shares = qmc.Sobol(self.dimensions, rng=0).random_base2(_SAMPLED)
        values = [self.function(self.low + (self.high - self.low) * row) for row in shares]
        return float(np.median(values)) - self.lowest

    def cost(self, config: Config) -> float:
        """What a configuration truly costs."""
        x = np.array([config[name] for name in self._names], dtype=float)
        return 1.0 + max(0.0, self.function(x) - self.lowest) / self._scale

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(f"x{index}" for index in range(self.dimensions))

    def problem(
        self, *, seed: int, trials: int, noise: float | None = None, declared: bool = False
    ) -> Problem:
        """What a sampler is given; the default is a point that the seed draws."""
        del declared
        start = np.random.default_rng([seed, 1]).uniform(self.low, self.high, self.dimensions)
        parameters = tuple(
            Parameter(
                name=name,
                kind="float",
                low=self.low,
                high=self.high,
                default=float(value),
                apply=Apply(actuator="env"),
            )
            for name, value in zip(self._names, start, strict=True)
        )
        return Problem(space=Space(parameters=parameters), seed=seed, trials=trials, noise=noise)


FUNCTIONS = {
    function.name: function
    for function in (
        Smooth("sphere", _sphere, -5.0, 5.0, 5, 0.0),
        Smooth("rosenbrock", _rosenbrock, -2.048, 2.048, 4, 0.0),
        Smooth("hartmann6", _hartmann, 0.0, 1.0, 6, -3.32236801141551),
    )
}
_FINEST = 1e-6
"""Regrets below it are alike: no measurement would tell them apart."""


def decades(cost: float) -> float:
    """How many powers of ten the regret lies below that of an ordinary point; at most 6."""
    return -math.log10(max(_FINEST, cost - 1.0))
