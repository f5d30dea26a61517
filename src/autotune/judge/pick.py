"""Which of several points is wanted: the study's pick among those that are good in different respects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autotune.judge.gains import Gains
from autotune.judge.pareto import fronts
from autotune.judge.walsh import Floats
from autotune.model.study import Study


def order(study: Study, found: Gains, missed: Sequence[float] = ()) -> Iterator[int]:
    """Numbers of all points, the most wanted first; of several that are wanted alike the earliest.

    First come those of which no objective loses more than its margin against the baseline: only they can be
    proven to be better. Where the pick is bounded it is those that keep its limits instead; `missed` says by
    how much each point misses them. Among these the front comes first, in the order of the pick, then the
    front of the rest. The others follow, the least amiss first.
    """
    amiss = np.asarray(missed, dtype=float) if study.pick.kind == "bounded" else found.lost
    fit = np.flatnonzero(amiss <= 0)
    for members in fronts(found.values[fit]):
        yield from (int(fit[members[at]]) for at in _ranked(study, found, found.values[fit[members]]))
    unfit = np.flatnonzero(amiss > 0)
    yield from (int(number) for number in unfit[np.argsort(amiss[unfit], kind="stable")])


def _ranked(study: Study, found: Gains, front: Floats) -> list[int]:
    """Rows of `front` in the order of the pick."""
    pick = study.pick
    if pick.kind == "lexicographic":
        return _in_turn(front, _tolerances(study, found))
    if pick.kind == "weights":
        worth = front @ np.array([pick.weights[name] for name in study.objectives])
    elif pick.kind == "bounded":
        worth = front[:, 0]
    else:
        worth = _shares(front, -found.margins).sum(axis=1)
    return [int(at) for at in np.argsort(-worth, kind="stable")]


def _shares(front: Floats, least: Floats) -> Floats:
    """Each gain as a share of the way from `least` to the front's best: the knee has the largest sum.

    With two objectives that is the point farthest out from the line between the front's two ends (Das 1999),
    where each end gives up all that may be given up of the other objective.
    """
    span = front.max(axis=0) - least
    return (front - least) / np.where(span > 0, span, 1.0)


def _tolerances(study: Study, found: Gains) -> Floats:
    """What counts as equal in each objective."""
    within = study.pick.within
    if within is None:
        return found.margins
    return np.where(found.relative, np.log1p(within), within)


def _in_turn(front: Floats, tolerances: Floats) -> list[int]:
    """Again and again the best of the last objective among the nearly best of all before it."""
    left, ranked = list(range(len(front))), list[int]()
    while left:
        pool = left
        for at in range(front.shape[1] - 1):
            least = front[pool, at].max() - tolerances[at]
            pool = [row for row in pool if front[row, at] >= least]
        ranked.append(max(pool, key=lambda row: (front[row, -1], *front[row, :-1], -row)))
        left.remove(ranked[-1])
    return ranked
