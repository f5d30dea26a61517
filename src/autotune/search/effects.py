"""The values of a search as a sum of effects: of each parameter, of each pair, and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autotune.search.codes import Floats

_LENGTH = 0.5
"""Lengthscale on a line from 0 to 1: slopes and single peaks. What bends more often looks like noise."""

_SIGNAL = 0.5
"""What all effects together have of the variance before the first step."""

_STEPS, _FEW_STEPS = 100, 12
"""For the values as they are, and for shuffled values and resampled trials, of which there are many."""

_LEAST_NOISE = 1e-4
_CONSTANT = 1.0
"""Variance of the mean over the space, which is not the mean of the trials."""

_MOST = 2.0
"""Of one effect, as a multiple of the values' own variance: two larger ones would cancel each other out."""

_CENTRE = 128
"""Points of the space that effects are centred over."""

_TINY = 1e-12


class Own(NamedTuple):
    """One parameter of n configurations: (n, columns) where its values lie, (n,) whether it is active."""

    features: Floats
    active: NDArray[np.bool_]


class Part:
    """The kernel of one parameter's effect: zero on average over the space, and where inactive.

    k(x, y) - E k(x, .) E k(., y) / E k (Durrande et al. 2013: effects then are those of an analysis of
    variance), scaled to a mean variance of one. `points` stand for the space. That the mean is taken where
    the parameter is active keeps it from taking over what its condition does.
    """

    def __init__(self, points: Own) -> None:
        self._points = points.features[points.active][:_CENTRE]
        if not len(self._points):
            self._points = points.features[:1]
        whole = _similar(self._points, self._points)
        mean = whole.mean(axis=1)
        self._total = float(whole.mean())
        variance = float(np.mean(np.diag(whole) - mean**2 / self._total))
        self._scale = 1 / variance if variance > _TINY else 0.0

    def between(self, ours: Own, others: Own) -> Floats:
        """(n, m) covariances of the effects in n and in m configurations."""
        ours_mean = _similar(ours.features, self._points).mean(axis=1)
        others_mean = _similar(others.features, self._points).mean(axis=1)
        raw = _similar(ours.features, others.features) - np.outer(ours_mean, others_mean) / self._total
        found: Floats = self._scale * raw * np.outer(ours.active, others.active)
        return found


def _similar(ours: Floats, others: Floats) -> Floats:
    squared = (ours**2).sum(1)[:, None] + (others**2).sum(1)[None, :] - 2 * ours @ others.T
    return np.asarray(np.exp(np.maximum(squared, 0) / (-2 * _LENGTH**2)))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Effects learnt from k columns of values.

    `weights` (n, k) of the trials, `variances` (components, k) of the effects, `noise` (k,) of the rest. The
    effect of a component is its variance times its covariances with the trials times their weights.
    """

    weights: Floats
    variances: Floats
    noise: Floats


class Effects:
    """Learns effects by a Gaussian process with a component for each parameter and some pairs.

    `parts` holds, parameter by parameter, the (n, n) covariances of the trials: an additive Gaussian process
    (Duvenaud et al. 2011). The variance of each component is chosen by the marginal likelihood, so that what
    explains nothing gets none: of parameters that a search moved together, one has to take the credit.
    """

    def __init__(self, parts: list[Floats], pairs: Sequence[tuple[int, int]] = ()) -> None:
        self.pairs = tuple(pairs)
        self._alone = len(parts)
        self._components = np.array([*parts, *(parts[one] * parts[other] for one, other in pairs)])

    def fit(self, columns: Floats, *, pairs: bool = True) -> Fitted:
        """The effects in each of (n, k) columns of standardised values, with or without pairs."""
        every = np.arange(len(self._components) if pairs else self._alone)
        steps = _STEPS if columns.shape[1] == 1 else _FEW_STEPS
        once = np.ones(len(columns))
        return side_by_side([self._fit(column, once, every, steps) for column in columns.T])

    def without(self, place: int, values: Floats) -> Fitted:
        """The effects where the parameter at `place` has none, neither alone nor in a pair."""
        members = [(one,) for one in range(self._alone)] + list(self.pairs)
        kept = np.array([row for row, member in enumerate(members) if place not in member], dtype=int)
        return self._fit(values, np.ones(len(values)), kept, _STEPS)

    def evidence(self, values: Floats, fitted: Fitted) -> float:
        """The logarithm of the marginal likelihood of the values, without its constant."""
        flat = self._components.reshape(len(self._components), -1)
        noise = np.full(len(values), fitted.noise[0])
        whole = _covariance(flat, fitted.variances[:, 0], noise)
        return float(-0.5 * values @ fitted.weights[:, 0] - 0.5 * np.linalg.slogdet(whole)[1])

    def resampled(self, values: Floats, counts: NDArray[np.int_]) -> Fitted:
        """The effects where each trial counts so often as (n, k) `counts` says.

        A trial that counts twice has half of the noise, one that counts not has no weight.
        """
        every = np.arange(len(self._components))
        return side_by_side([self._fit(values, count, every, _FEW_STEPS) for count in counts.T])

    def _fit(self, values: Floats, counts: NDArray[Any], kept: NDArray[np.int_], steps: int) -> Fitted:
        """The greatest marginal likelihood, by minorisation (Zhou et al. 2019): each step grows it."""
        used = np.flatnonzero(counts)
        own = values[used] - float(counts @ values) / float(counts.sum())
        rough = 1 / counts[used]
        components = self._components[np.ix_(kept, used, used)]
        flat = components.reshape(len(components), len(used) ** 2)
        variances, noise = np.full(len(flat), _SIGNAL / max(1, len(flat))), 1 - _SIGNAL
        for _ in range(steps):
            inverse = np.linalg.inv(_covariance(flat, variances, noise * rough))
            weights = inverse @ own
            fits = (components @ weights) @ weights
            spread = flat @ inverse.ravel()
            factors = np.sqrt(np.maximum(fits, 0) / np.maximum(spread, _TINY))
            variances = np.minimum(variances * factors, _MOST)
            grown = (rough @ weights**2) / (rough @ np.diag(inverse))
            noise = max(noise * float(np.sqrt(grown)), _LEAST_NOISE)
        found = np.zeros((len(values), 1))
        found[used, 0] = np.linalg.solve(_covariance(flat, variances, noise * rough), own)
        whole = np.zeros((len(self._components), 1))
        whole[kept, 0] = variances
        return Fitted(found, whole, np.array([noise]))

    def left_out(self, fitted: Fitted) -> tuple[Floats, Floats]:
        """(n, k) errors of the fit at each trial, and (n, k) where that trial is left out of it.

        By one inversion a column (Rasmussen and Williams 2006, eq. 5.12).
        """
        size = len(fitted.weights)
        flat = self._components.reshape(len(self._components), -1)
        inverses = [
            np.diag(np.linalg.inv(_covariance(flat, variances, np.full(size, noise))))
            for variances, noise in zip(fitted.variances.T, fitted.noise, strict=True)
        ]
        return fitted.noise * fitted.weights, fitted.weights / np.column_stack(inverses)


def _covariance(flat: Floats, variances: Floats, noise: Floats) -> Floats:
    """(n, n) from (components, n * n), with the (n,) noise of each trial."""
    whole: Floats = (variances @ flat).reshape(len(noise), len(noise)) + _CONSTANT
    whole[np.diag_indices(len(noise))] += noise
    return whole


def side_by_side(parts: Sequence[Fitted]) -> Fitted:
    """The columns of all parts."""
    return Fitted(
        np.hstack([part.weights for part in parts]),
        np.hstack([part.variances for part in parts]),
        np.concatenate([part.noise for part in parts]),
    )
