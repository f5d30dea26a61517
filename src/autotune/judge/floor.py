"""How far apart a configuration seems to be from itself."""

from __future__ import annotations

import numpy as np

from autotune.judge.walsh import Floats, walsh_averages

REDRAWS = 2000
"""The 95th percentile of so many is good to a hundredth of its size or two."""

_SHARE = 0.95


def floor(values: Floats, *, seed: int, redraws: int = REDRAWS) -> float:
    """The 95th percentile of |estimate| over redraws of the coins, on the scale of `values`.

    An order statistic, rounded to the larger one: at least 95 % of the redraws lie at or below it.
    """
    sizes = np.abs(redrawn(values, seed=seed, redraws=redraws))
    return float(np.quantile(sizes, _SHARE, method="higher"))


def redrawn(values: Floats, *, seed: int, redraws: int = REDRAWS) -> Floats:
    """(n,) differences of pairs give (redraws,) Hodges-Lehmann estimates, each under coins drawn anew.

    In a pair of one configuration with itself the coin alone says which sample is called the candidate's, so
    another coin turns the sign of the difference and nothing else: the estimates are draws from the
    randomisation distribution of the estimator (Fisher 1935; Hodges and Lehmann 1963). Holds for arms that
    are the same and coins that are fair and independent, whatever the drift or memory of the noise; what one
    sample leaves for the next is part of the differences, and of the floor.
    """
    random = np.random.default_rng(seed)
    estimates = np.empty(redraws)
    for place in range(redraws):
        signs = 2.0 * random.integers(0, 2, size=len(values)) - 1.0
        estimates[place] = walsh_averages(signs * values).median
    return estimates
