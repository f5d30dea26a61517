"""How far the best trials agree in a parameter, beside what chance gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autotune.model.importance import Figure
from autotune.model.problem import Problem
from autotune.model.trial import State, Trial
from autotune.search.codes import Codes
from autotune.search.draw import generator
from autotune.search.pedanova import best_of, binned, blocks, divergences, resampled, shuffled
from autotune.search.significance import RESAMPLES, SHUFFLES, figures
from autotune.search.valued import evenly, ranks_of, rows_of

_RANKED = 400
"""So many trials at most are ranked."""

_PURPOSE = 33  # of randomness

_ANSWERS = frozenset({State.OK, State.FAILED_CONFIG, State.TIMEOUT, State.INFEASIBLE})


def in_common(
    problem: Problem, codes: Codes, trials: Sequence[Trial], objective: int, indices: Sequence[int]
) -> list[Figure | None]:
    """PED-ANOVA's divergence for each of the parameters at `indices`; None for one that never varied.

    A trial that missed a limit is worse than all that kept them, one that failed is worse than that.
    """
    finished = evenly([t for t in trials if t.state in _ANSWERS], _RANKED)
    ranks, rows = ranks_of(problem, finished, objective), rows_of(codes, finished)
    varying = [index for index in indices if np.ptp(rows[:, index])]
    if not varying:
        return [None] * len(indices)
    bins = binned([codes.axes[index] for index in varying], rows[:, varying])
    random = generator(problem.seed, 0, 0, _PURPOSE)
    groups = blocks(len(ranks))
    drawn = [best_of(ranks, groups)]
    drawn += [best_of(shuffled(ranks, random), groups) for _ in range(SHUFFLES)]
    drawn += [best_of(ranks, resampled(len(ranks), random)) for _ in range(RESAMPLES)]
    tops, wholes = (np.array(side) for side in zip(*drawn, strict=True))
    found = figures(divergences(bins, tops, wholes))
    of_index = dict(zip(varying, found, strict=True))
    return [of_index.get(index) for index in indices]
