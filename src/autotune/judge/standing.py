"""How a search of several objectives stands: the front of its trials, the picked one, the hypervolume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from autotune.judge.gains import better, gains
from autotune.judge.hypervolume import hypervolume
from autotune.judge.pareto import front
from autotune.judge.pick import order
from autotune.judge.seen import missed_by
from autotune.judge.walsh import Floats
from autotune.model.space import config_key
from autotune.model.study import Limit, Study
from autotune.model.trial import State, Trial


def point(trial: Trial) -> tuple[float, ...]:
    """The values of a good trial's objectives, in their order."""
    return (trial.value or 0.0, *trial.further)


def good(study: Study, trials: Iterable[Trial]) -> list[Trial]:
    """The trials that ended well, without the baseline's configuration."""
    baseline = config_key(study.baseline)
    return [t for t in trials if t.state is State.OK and config_key(t.config) != baseline]


def ranked(study: Study, trials: Iterable[Trial], baseline: Sequence[float]) -> Iterator[Trial]:
    """The good trials, the most wanted first: limits, then the order of the pick (see `order`).

    `baseline` are the values of its objectives.
    """
    found = good(study, trials)
    held = [t for t in found if t.violation <= 0]
    yield from _picked(study, held, baseline)
    yield from sorted((t for t in found if t.violation > 0), key=lambda t: (t.violation, t.number))


def _picked(study: Study, held: Sequence[Trial], baseline: Sequence[float]) -> Iterator[Trial]:
    points = [point(t) for t in held]
    amiss = [_amiss(study, one, baseline) for one in points]
    return (held[number] for number in order(study, gains(study, points, baseline), amiss))


def _amiss(study: Study, values: Sequence[float], baseline: Sequence[float]) -> float:
    """By how much the worst of the limits that the pick is subject to is missed."""
    at = {name: place for place, name in enumerate(study.objectives)}
    bounds = study.pick.subject_to
    return max(
        (missed_by(one, values[at[one.metric]], baseline[at[one.metric]]) for one in bounds), default=0.0
    )


def front_of(study: Study, trials: Iterable[Trial]) -> list[Trial]:
    """The good trials that kept every limit and that no other one is better than, by their numbers."""
    held = [t for t in good(study, trials) if t.violation <= 0]
    return [held[number] for number in front(_better(study, held, [0.0] * len(study.objectives)))]


def reference(study: Study, baseline: Sequence[float]) -> tuple[float, ...]:
    """Where the hypervolume counts from: the baseline, or what the pick lets an objective fall to."""
    return tuple(
        next((_bound(limit, value) for limit in _floors(study, name)), value)
        for name, value in zip(study.objectives, baseline, strict=True)
    )


def _floors(study: Study, name: str) -> list[Limit]:
    """The limits below which the pick does not let an objective fall (rise, where less is better)."""
    wanted = ">=" if study.workload.metric(name).direction == "maximize" else "<="
    return [x for x in study.pick.subject_to if x.metric == name and x.operator == wanted]


def _bound(limit: Limit, baseline: float) -> float:
    return limit.bound * baseline if limit.kind == "relative" else limit.bound


def volume(study: Study, trials: Iterable[Trial], baseline: Sequence[float]) -> float:
    """The hypervolume of the front above the reference, each objective as a share of its reference value.

    An objective whose reference is 0 counts in its own unit. 0 while no trial is better than the reference in
    every objective.
    """
    start = np.array(reference(study, baseline))
    unit = np.where(start == 0, 1.0, np.abs(start))
    return hypervolume(_better(study, front_of(study, trials), list(start)) / unit)


def _better(study: Study, trials: Sequence[Trial], start: Sequence[float]) -> Floats:
    """(n, k): by how much each trial is better than `start`, in the metrics' units."""
    points = np.array([point(t) for t in trials], dtype=float).reshape(len(trials), len(start))
    columns = [better(points[:, at], start[at], way) for at, way in enumerate(study.directions)]
    return np.array(columns).T.reshape(len(trials), len(start))
