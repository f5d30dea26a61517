"""scipy's `differential-evolution` or `dual-annealing`, started again where it converged.

All parameters are real numbers cut to indices; a failure is the worst value so far. The population of the
first has some 20 members: its default, 15 for each parameter, would take more than a budget to draw.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import count

from link import Link
from scipy.optimize import differential_evolution, dual_annealing

_POPULATION = 20
_END = 1e-9
"""The upper end of an index is not reached."""

link = Link()
bounds = [(0, size - _END) for size in link.sizes]


def cost(numbers: Sequence[float]) -> float:
    """Measured at the indices below the numbers."""
    return link.number(link.measure(link.whole(numbers)))


for start in count():
    seed = link.seed + 1000 * start
    if sys.argv[1] == "dual-annealing":
        dual_annealing(cost, bounds, rng=seed, maxfun=3 * link.budget)
    else:
        share = max(1, _POPULATION // len(bounds))
        differential_evolution(cost, bounds, rng=seed, popsize=share, polish=False)
