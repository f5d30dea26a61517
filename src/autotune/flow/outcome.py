"""What the samples of a trial amount to, and which trial is the best so far."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from scipy.special import stdtrit

from autotune.flow.abort import bound
from autotune.judge.seen import median, missed, value
from autotune.judge.standing import front_of, good, ranked
from autotune.judge.warmup import warm_up
from autotune.model.study import Limit, Repeats, Study
from autotune.model.trial import Sample, State, Trial

__all__ = ["best", "enough", "leaders", "median", "outcome", "ranking", "settled", "values", "violation"]


def outcome(study: Study, trial: Trial, baseline: Sequence[Sample]) -> Trial:
    """The trial with state, values and violation from its samples; one that did not end well decides for all.

    Where that one was aborted, the bound that it reached is the trial's value.
    """
    ended = next((s for s in trial.samples if s.state is not State.OK), None)
    if ended is not None:
        at = bound(study, baseline) if ended.state is State.ABORTED else None
        reason, least = (ended.reason, None) if at is None else (at.reason, at.value)
        return replace(trial, state=ended.state, reason=reason, value=least, further=(), violation=0.0)
    first, *further = values(study, trial.samples)
    return replace(
        trial,
        state=State.OK,
        reason="",
        value=first,
        further=tuple(further),
        violation=violation(study.limits, trial.samples, baseline),
    )


def values(study: Study, samples: Sequence[Sample]) -> tuple[float, ...]:
    """What good samples amount to, objective by objective; raises StatisticsError without one."""
    return tuple(value(study.workload.metric(name), samples) for name in study.objectives)


def violation(limits: Sequence[Limit], samples: Sequence[Sample], baseline: Sequence[Sample]) -> float:
    """By which share the worst limit is missed on the medians seen in the search; 0 where all are kept."""
    return max((missed(limit, samples, baseline) for limit in limits), default=0.0)


def settled(samples: Sequence[Sample], metric: str) -> tuple[Sample, ...]:
    """`samples`, all good, without those at their beginning that were still warming up."""
    return tuple(samples[warm_up([s.metrics[metric] for s in samples]) :])


def enough(repeats: Repeats, samples: Sequence[Sample], *metrics: str) -> bool:
    """Whether a trial has its samples: one that ended otherwise, the most, or the least in narrow intervals.

    The interval of each metric is Student's 95 % one for the mean: for repeats that are independent and
    roughly normal.
    """
    if len(samples) >= repeats.most or any(s.state is not State.OK for s in samples):
        return bool(samples)
    until = repeats.until
    if len(samples) < max(repeats.least, 2) or until is None:
        return False
    return all(_narrow([s.metrics[name] for s in samples], until) for name in metrics)


def _narrow(values: Sequence[float], until: float) -> bool:
    half = stdtrit(len(values) - 1, 0.975) * statistics.stdev(values) / len(values) ** 0.5
    return bool(half <= until * abs(statistics.fmean(values)))


def best(study: Study, trials: Sequence[Trial], baseline: Sequence[float] = ()) -> Trial | None:
    """The good trial, other than the baseline, that the search liked best; None where there is none."""
    return next(iter(ranking(study, trials, baseline, count=1)), None)


def ranking(
    study: Study, trials: Sequence[Trial], baseline: Sequence[float] = (), *, count: int | None = None
) -> list[Trial]:
    """The first `count` good trials other than the baseline, the best first: limits, value, order.

    Of several objectives it is limits, then the pick among the front, and `baseline` has to be the values of
    the baseline.
    """
    if study.further:
        return list(islice(ranked(study, trials, baseline), count))
    sign = -1.0 if study.direction == "maximize" else 1.0
    return sorted(good(study, trials), key=lambda t: (t.violation, sign * (t.value or 0.0), t.number))[:count]


def leaders(study: Study, before: Sequence[Trial], trial: Trial) -> list[Trial]:
    """What of `before`, the leaders so far, and `trial` can be the best: all that later trials are held to.

    The front of those that kept every limit; while there is none, the best by itself.
    """
    both = [*before, trial]
    if not study.further:
        return ranking(study, both, count=1)
    return front_of(study, both) or sorted(good(study, both), key=lambda t: t.violation)[:1]
