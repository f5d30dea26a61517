"""A Gaussian process over configurations: what their values are thought to be, and how surely."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_solve, cholesky, solve_triangular
from scipy.linalg.lapack import dpotri
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float64]

_SQRT5 = math.sqrt(5)
_LENGTH_SPREAD = 2.0
"""Standard deviation of the logarithm of a lengthscale before anything was measured: some parameters of a
system matter a hundred times as much as others."""
_EFFECT, _EFFECT_SPREAD = 0.1, 1.5
_AMPLITUDE_SPREAD = 1.0
_LENGTHS, _EFFECTS, _AMPLITUDES = (1e-2, 1e3), (1e-6, 1.0), (1e-3, 1e3)
_JITTER = 1e-8
_ITERATIONS = 12

_BLAS = ThreadpoolController()
_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def one_thread(of: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """The function with linear algebra in one thread: some hundred rows gain nothing from more."""

    @wraps(of)
    def alone(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        with _BLAS.limit(limits=1, user_api="blas"):
            return of(*args, **kwargs)

    return alone


@dataclass(frozen=True, slots=True)
class Scales:
    """Hyperparameters: a lengthscale for each parameter, and two variances.

    `amplitude` is that of the smooth part, `effect` that of what every configuration has of its own, as a
    share of the amplitude: real, but not to be foretold from its neighbours.
    """

    lengths: Floats
    amplitude: float = 1.0
    effect: float = _EFFECT

    @classmethod
    def expected(cls, parameters: int) -> Scales:
        """Before anything was measured: lengthscales of half the root of the number of parameters.

        Distances grow with that root, so the prior keeps the correlation of random configurations the same
        (Hvarfner et al. 2024).
        """
        return cls(np.full(parameters, 0.5 * math.sqrt(max(1, parameters))))

    def packed(self) -> Floats:
        """Their logarithms in one vector."""
        return np.asarray(np.log(np.append(self.lengths, [self.amplitude, self.effect])))

    @classmethod
    def unpacked(cls, logs: Floats) -> Scales:
        """From `packed`."""
        found = np.exp(logs)
        return cls(found[:-2], float(found[-2]), float(found[-1]))


def fitted(features: Floats, group: NDArray[np.int_], values: Floats, noise: Floats, start: Scales) -> Scales:
    """Scales of the greatest posterior density, by L-BFGS from `start` in at most 12 iterations.

    `features` (n, columns), `group` (columns,) the parameter of each column, `values` (n,) standardised,
    `noise` (n,) the variances of their errors. Matern 5/2 kernel with a lengthscale for each parameter and
    log-normal priors (Rasmussen and Williams 2006, eq. 5.8 and 5.9).
    """
    apart = _apart(features, group)
    expected = Scales.expected(apart.shape[0]).packed()
    spread = np.append(np.full(apart.shape[0], _LENGTH_SPREAD), [_AMPLITUDE_SPREAD, _EFFECT_SPREAD])

    def cost(logs: Floats) -> tuple[float, Floats]:
        likelihood, slope = _likelihood(Scales.unpacked(logs), apart, values, noise)
        off = (logs - expected) / spread
        return float(0.5 * off @ off - likelihood), off / spread - slope

    bounds = [_LENGTHS] * apart.shape[0] + [_AMPLITUDES, _EFFECTS]
    found = minimize(
        cost,
        start.packed(),
        jac=True,
        method="L-BFGS-B",
        bounds=[(math.log(low), math.log(high)) for low, high in bounds],
        options={"maxiter": _ITERATIONS},
    )
    return Scales.unpacked(found.x)


def _apart(features: Floats, group: NDArray[np.int_]) -> Floats:
    """(parameters, n, n): squared distances in each parameter alone."""
    found = np.empty((int(group.max()) + 1, len(features), len(features)))
    for parameter in range(len(found)):
        own = features[:, group == parameter]
        found[parameter] = ((own[:, None, :] - own[None, :, :]) ** 2).sum(axis=2)
    return found


def _likelihood(scales: Scales, apart: Floats, values: Floats, noise: Floats) -> tuple[float, Floats]:
    """The logarithm of the marginal likelihood, without its constant, and its slope in the packed scales."""
    weights = scales.lengths**-2.0
    root5r = _SQRT5 * np.sqrt(np.tensordot(weights, apart, 1))
    decay = np.exp(-root5r)
    smooth = scales.amplitude * (1 + root5r + root5r**2 / 3) * decay
    own = scales.amplitude * scales.effect
    whole = smooth + np.diag(own + noise + _JITTER)
    factor = cholesky(whole, lower=True, check_finite=False)
    weighed = cho_solve((factor, True), values, check_finite=False)
    pull = 0.5 * (np.outer(weighed, weighed) - _inverse(factor))
    bend = pull * (scales.amplitude * (5 / 3) * (1 + root5r) * decay)
    by_length = np.tensordot(apart, bend, 2) * weights
    by_effect = own * np.trace(pull)
    by_amplitude = np.sum(pull * smooth) + by_effect
    likelihood = -0.5 * values @ weighed - np.log(np.diag(factor)).sum()
    return float(likelihood), np.append(by_length, [by_amplitude, by_effect])


def _inverse(factor: Floats) -> Floats:
    """That of the matrix with this lower Cholesky factor: a third of the work of solving for every unit."""
    half, wrong = dpotri(factor, lower=1)
    if wrong:
        raise LinAlgError(f"the factor is singular in row {wrong}")
    half += np.tril(half, -1).T
    return np.asarray(half)


class Process:
    """What is thought of every configuration after `values` (n,) were seen at `features` (n, columns)."""

    def __init__(
        self, features: Floats, group: NDArray[np.int_], values: Floats, noise: Floats, scales: Scales
    ) -> None:
        self._inverse = 1 / scales.lengths[group]
        self._scaled = features * self._inverse
        self._amplitude, self._own = scales.amplitude, scales.amplitude * scales.effect
        self._values, self._noise = values, noise
        prior = self._smooth(self._scaled, self._scaled)
        self._factor = cholesky(prior + np.diag(self._own + noise + _JITTER), lower=True, check_finite=False)
        self._weights = cho_solve((self._factor, True), values, check_finite=False)

    def at(self, features: Floats) -> tuple[Floats, Floats]:
        """Mean and variance, each (m,), of the smooth part of (m, columns) configurations that were not seen.

        Without what each has of its own: hope for that alone would ask for ever more of what is near.
        """
        across = self._smooth(self._scaled, features * self._inverse)
        known = solve_triangular(self._factor, across, lower=True, check_finite=False)
        variance = self._amplitude - np.einsum("ij,ij->j", known, known)
        return self._weights @ across, np.maximum(variance, _JITTER)

    def seen(self, chosen: NDArray[np.int_]) -> tuple[Floats, Floats]:
        """Mean (k,) and covariance (k, k) of the true values of k of the configurations that were seen."""
        prior = self._smooth(self._scaled, self._scaled[chosen])
        prior[chosen, np.arange(len(chosen))] += self._own
        known = solve_triangular(self._factor, prior, lower=True, check_finite=False)
        return self._weights @ prior, prior[chosen] - known.T @ known

    def _smooth(self, ours: Floats, others: Floats) -> Floats:
        squared = (ours**2).sum(1)[:, None] + (others**2).sum(1)[None, :] - 2 * ours @ others.T
        root5r = np.sqrt(np.maximum(squared, 0, out=squared), out=squared)
        root5r *= _SQRT5
        smooth: Floats = 1 + root5r
        smooth += np.square(root5r) / 3
        smooth *= self._amplitude
        smooth *= np.exp(np.negative(root5r, out=root5r), out=root5r)
        return smooth
