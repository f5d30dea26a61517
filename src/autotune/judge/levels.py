"""The level that each look may spend."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
import scipy  # its parts load when they are used, so that a run stays small until it judges
from scipy.special import ndtr

from autotune.judge.looks import looks

_NODES = 128  # Gauss-Legendre nodes over one continuation region: z is good to 1e-9
_FAR = 40.0  # standard deviations beyond which nothing is left to spend


@lru_cache(maxsize=256)
def nominal_levels(planned: tuple[int, ...], alpha: float) -> tuple[float, ...]:
    """Two-sided nominal level at each of the `planned` looks, which spend `alpha` together.

    Up to the share t of the pairs alpha * t^2 is spent (Kim and DeMets 1987, rho = 2). The bounds follow by
    numerical integration over the paths that no earlier look has stopped (Armitage, McPherson and Rowe
    1969). Holds for a statistic that moves like a Brownian motion between looks; the signed-rank statistic
    nearly does. Half of each level of 2 * alpha spends alpha on one side; that a path crosses both sides is
    neglected.
    """
    reached = np.zeros(1)  # where the paths still running stand
    mass = np.ones(1)
    share = spent = 0.0
    levels = []
    for pairs in planned:
        now = pairs / planned[-1]
        step = sqrt(now - share)
        bound = _bound(reached / step, mass, alpha * now**2 - spent) * step
        levels.append(float(2 * ndtr(-bound / sqrt(now))))
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        gaps = (bound * nodes[:, None] - reached) / step
        density = np.exp(-(gaps**2) / 2) @ mass / (sqrt(2 * np.pi) * step)
        reached, mass = bound * nodes, bound * weights * density
        share, spent = now, alpha * now**2
    return tuple(levels)


def decides(pairs: int, alpha: float) -> bool:
    """Whether so many pairs, all on one side, are significant at their last look.

    The least p-value of a two-sided signed-rank test of n pairs is 2^(1 - n).
    """
    return nominal_levels(looks(pairs), alpha)[-1] >= 2.0 ** (1 - pairs)


def _bound(starts: np.ndarray, mass: np.ndarray, spend: float) -> float:
    """The bound that a standard normal step from `starts` crosses, on either side, with chance `spend`."""

    def excess(bound: float) -> float:
        return float(mass @ (ndtr(starts - bound) + ndtr(-starts - bound)) - spend)

    return float(scipy.optimize.brentq(excess, 0.0, _FAR + float(np.abs(starts).max()), xtol=1e-12))
