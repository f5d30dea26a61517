"""Descent by scipy along finite differences of outcomes that are looked up."""

from __future__ import annotations

import math
import warnings
from typing import Literal

import numpy as np
from scipy.optimize import BFGS, minimize

from autotune.search.history import Merit
from autotune.search.lookup import Lookup
from autotune.search.subspace import Subspace, Vector

METHODS: dict[str, Literal["L-BFGS-B", "SLSQP", "trust-constr"]] = {
    "lbfgsb": "L-BFGS-B",
    "slsqp": "SLSQP",
    "trust": "trust-constr",
}

_FACTOR = 1.68
_CURVATURE = 8.0
_LEAST, _MOST = 1e-4, 0.15
_UNKNOWN_NOISE = 0.002
_ITERATIONS = 200


def difference(noise: float | None, *, level: float, spread: float) -> float:
    """The step of a forward difference, as a share of the line: 1.68 sqrt(noise / curvature).

    Source: More and Wild 2012, "Estimating derivatives of noisy simulations". `noise` is relative to the
    `level` of the values; the curvature is that of a parabola that rises by `spread` over half of the line.
    Without noise the step is a ten-thousandth; values measured once are taken to be off by 0.2 %.
    """
    off = (_UNKNOWN_NOISE if noise is None else noise) * abs(level)
    if spread <= 0:
        return _MOST
    return max(_LEAST, min(_MOST, _FACTOR * math.sqrt(off / (_CURVATURE * spread))))


class Descent:
    """One descent in a subspace: values in spreads above the start, and their slopes."""

    def __init__(self, lookup: Lookup, subspace: Subspace, *, spread: float, step: float) -> None:
        self._lookup = lookup
        self._subspace = subspace
        self._spread = spread or 1.0
        self._step = step
        self._base: Merit | None = None
        self._worst = 0.0
        self._at: tuple[Vector, float, Vector] | None = None

    def run(self, method: str) -> None:
        """Descends until scipy is done; raises UnknownError at the first outcome that is missing."""
        start = self._subspace.start
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scipy tells that it stands still; the next descent begins then
            minimize(
                self.value,
                start,
                jac=self.slope,
                method=METHODS[method],
                bounds=[(0.0, 1.0)] * len(start),
                hess=BFGS() if method == "trust" else None,
                options={"maxiter": _ITERATIONS},
            )

    def value(self, point: Vector) -> float:
        """What the configuration at `point` is worth; what failed is a bit worse than all seen so far."""
        merit = self._lookup.merit(self._subspace.config(point), self._base or Merit(0.0, 0.0))
        if not merit.feasible:
            return self._worst + 1.0
        if self._base is None:
            self._base = merit
        found = (merit.loss - self._base.loss) / self._spread
        self._worst = max(self._worst, found)
        return found

    def slope(self, point: Vector) -> Vector:
        """The gradient at `point`, by forward differences; where `point` is no gain, one that costs nothing.

        Of such a point scipy only wants the slope back to where it came from. It is that of the parabola
        through both values and the first slope.
        """
        here = self.value(point)
        if self._at is not None and here >= self._at[1]:
            return _back(*self._at, point, here)
        found = np.array([self._along(point, axis, here) for axis in range(len(point))])
        self._at = (point.copy(), here, found)
        return found

    def _along(self, point: Vector, axis: int, here: float) -> float:
        for by in (self._step, -self._step):
            beside = self._subspace.beside(point, axis, by)
            if beside is None:
                continue
            config, distance = beside
            guess = Merit(0.0, here * self._spread + (self._base.loss if self._base else 0.0))
            merit = self._lookup.merit(config, guess)
            if merit.feasible and self._base is not None:
                return ((merit.loss - self._base.loss) / self._spread - here) / distance
        return 0.0


def _back(start: Vector, value: float, slope: Vector, point: Vector, here: float) -> Vector:
    step = point - start
    length = float(step @ step)
    if length == 0:
        return slope
    change = 2 * (here - value - float(slope @ step)) / length
    return np.asarray(slope + change * step, dtype=np.float64)
