"""What random search would have found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln


def expected_best(costs: NDArray[np.float64], typical: float, size: int, draws: int) -> float:
    """The expected best of `draws` configurations drawn without replacement, exactly.

    Of `size` configurations those at `costs` (sorted, the best first) can be measured. What is no better than
    `typical` counts as `typical`, as does finding none. None of the i best is drawn with the probability
    C(size - i, draws) / C(size, draws) (hypergeometric).
    """
    better = costs[costs < typical]
    missed = _none_of(np.arange(len(better) + 1), size, draws)
    return float((missed[:-1] - missed[1:]) @ better + missed[-1] * typical)


def _none_of(first: NDArray[np.int_], size: int, draws: int) -> NDArray[np.float64]:
    """(n,): the probability that `draws` draws of `size` hold none of the first so many."""
    if draws > size:
        return np.where(first > 0, 0.0, 1.0)
    left = size - first
    possible = left >= draws
    among = np.where(possible, left, draws)
    logs = gammaln(among + 1) - gammaln(among - draws + 1) - gammaln(size + 1) + gammaln(size - draws + 1)
    return np.where(possible, np.exp(logs), 0.0)
