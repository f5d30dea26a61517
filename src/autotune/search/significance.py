"""Figures beside what shuffled values give, with intervals from resampled trials."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autotune.model.importance import Figure
from autotune.search.codes import Floats

SHUFFLES, RESAMPLES = 100, 60
"""How often values are shuffled, and trials drawn again with replacement."""

LEVEL = 0.95
"""Of the shuffles, so many stay below the noise."""

_TAILS = (2.5, 97.5)


def figures(found: Floats, *, scaled: Callable[[float], float] = float) -> list[Figure]:
    """A figure for each of k statistics: (k, 1 + 100 + 60) as found, shuffled, and resampled.

    The noise is what the greatest of the k stays below in 95 % of the shuffles, each on the scale of its own
    mean and deviation (Westfall and Young 1993, max T): one claim among all is then wrong in 5 % at most,
    where every order of the values is as likely as any other. The interval is the bootstrap's, moved by its
    bias: what is drawn twice looks like an effect. `scaled` turns every number into the one that is shown.
    """
    values, shuffled, resampled = np.split(found, [1, 1 + SHUFFLES], axis=1)
    bias = resampled.mean(axis=1) - values[:, 0]
    low, high = np.percentile(resampled, _TAILS, axis=1) - bias
    return [
        Figure(
            value=scaled(float(value)),
            low=scaled(float(min(value, max(0.0, least)))),
            high=scaled(float(max(value, most))),
            noise=scaled(float(limit)),
        )
        for value, least, most, limit in zip(values[:, 0], low, high, _noise(shuffled), strict=True)
    ]


def _noise(shuffled: Floats) -> Floats:
    """(k,) from (k, shuffles)."""
    mean, deviation = shuffled.mean(axis=1), shuffled.std(axis=1)
    scale = np.where(deviation > 0, deviation, np.inf)
    apart = (shuffled - mean[:, None]) / scale[:, None]
    return np.asarray(mean + np.quantile(apart.max(axis=0), LEVEL, method="higher") * deviation)
