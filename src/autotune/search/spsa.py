"""Descent under noise: two measurements for a slope in all directions at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotune.search.draw import generator
from autotune.search.history import Merit
from autotune.search.lookup import Lookup
from autotune.search.subspace import Subspace, Vector

_ALPHA, _GAMMA = 0.602, 0.101
_STABLE = 0.1
"""Spall's exponents, and his share of the steps in which the gain hardly falls."""

_AVERAGED = 3
"""After so many steps their mean is measured: no step measures where it stands, but aside of it."""

MEASURED = 2 + 1 / _AVERAGED
"""Measurements that a step takes, on the average."""

_FIRST_STEP = 0.1
_LONGEST_STEP = 0.2
_NARROWEST, _WIDEST = 0.05, 0.2
_PURPOSE = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """How far each of `steps` steps goes, and how far apart its two measurements are under `noise`."""

    steps: int
    noise: float

    def move(self, step: int) -> float:
        """The length of a step, as a share of the first one."""
        stable = _STABLE * self.steps
        return math.pow((stable + 1) / (stable + 1 + step), _ALPHA)

    def width(self, step: int) -> float:
        """Half of the distance of the two measurements."""
        apart = min(_WIDEST, max(_NARROWEST, math.sqrt(self.noise / 8)))
        return apart / math.pow(1 + step, _GAMMA)


def spsa(lookup: Lookup, subspace: Subspace, gains: Gains, *, seed: int, leg: int) -> None:
    """Simultaneous perturbation stochastic approximation (Spall 1992, gains of 1998).

    The first step is a tenth of the line, by the mean of the slopes until then; none is longer than a fifth.
    Where one of the two configurations fails, the step is away from it. The mean of every three steps is
    measured too (averaging, Polyak and Juditsky 1992). Raises UnknownError at the first outcome that is
    missing.
    """
    point, slopes = subspace.start, [0.0]
    way: list[Vector] = []
    guess = lookup.merit(subspace.config(point))
    for step in range(gains.steps):
        signs = generator(seed, leg, step, _PURPOSE).choice([-1.0, 1.0], size=len(point))
        up, down = (
            lookup.merit(subspace.config(np.clip(point + side * gains.width(step) * signs, 0.0, 1.0)), guess)
            for side in (1, -1)
        )
        slope = _slope(up, down, slopes)
        if slope is None:
            continue
        slopes.append(abs(slope))
        usual = sum(slopes) / (len(slopes) - 1) or 1.0
        move = np.clip(_FIRST_STEP * gains.move(step) * slope / usual, -_LONGEST_STEP, _LONGEST_STEP)
        point = np.clip(point - move * signs, 0.0, 1.0)
        way.append(point)
        if len(way) == _AVERAGED:
            lookup.merit(subspace.config(np.mean(way, axis=0)), guess)
            way.clear()


def _slope(up: Merit, down: Merit, slopes: Sequence[float]) -> float | None:
    """How much worse `up` is than `down`; as usual where one of them failed, None where both did."""
    if up.feasible and down.feasible:
        return up.loss - down.loss
    if not (up.feasible or down.feasible):
        return None
    usual = sum(slopes) / max(1, len(slopes) - 1)
    return usual if down.feasible else -usual
