"""What the samples of a trial amount to, and which trial is the best so far."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from scipy.special import stdtrit

from autotune.judge.warmup import warm_up
from autotune.model.space import config_key
from autotune.model.study import Limit, Repeats, Study
from autotune.model.trial import Sample, State, Trial


def outcome(study: Study, trial: Trial, baseline: Sequence[Sample]) -> Trial:
    """The trial with state, value and violation from its samples; one that failed decides for all."""
    failed = next((s for s in trial.samples if s.state is not State.OK), None)
    if failed is not None:
        return _with(trial, failed.state, failed.reason, None, 0.0)
    value = _middle(study, [s.metrics[study.objective] for s in trial.samples])
    return _with(trial, State.OK, "", value, violation(study.limits, trial.samples, baseline))


def _middle(study: Study, values: Sequence[float]) -> float:
    """The mean over samples; of a percentile, which must not be averaged, the median."""
    percentile = study.workload.metric(study.objective).percentile
    return statistics.fmean(values) if percentile is None else statistics.median(values)


def _with(trial: Trial, state: State, reason: str, value: float | None, missed: float) -> Trial:
    return Trial(
        number=trial.number,
        config=trial.config,
        origin=trial.origin,
        state=state,
        reason=reason,
        value=value,
        violation=missed,
        samples=trial.samples,
    )


def violation(limits: Sequence[Limit], samples: Sequence[Sample], baseline: Sequence[Sample]) -> float:
    """By which share the worst limit is missed on the medians seen in the search; 0 where all are kept."""
    return max((_missed(limit, samples, baseline) for limit in limits), default=0.0)


def _missed(limit: Limit, samples: Sequence[Sample], baseline: Sequence[Sample]) -> float:
    if limit.metric == "failures":
        return 0.0
    seen = median(samples, limit.metric)
    bound = limit.bound * (median(baseline, limit.metric) if limit.kind == "relative" else 1.0)
    over = seen - bound if limit.operator == "<=" else bound - seen
    return max(0.0, over / abs(bound) if bound else over)


def median(samples: Sequence[Sample], metric: str) -> float:
    """The median of a metric over the good samples; NaN where there is none."""
    values = [s.metrics[metric] for s in samples if s.state is State.OK]
    return statistics.median(values) if values else float("nan")


def settled(samples: Sequence[Sample], metric: str) -> tuple[Sample, ...]:
    """`samples`, all good, without those at their beginning that were still warming up."""
    return tuple(samples[warm_up([s.metrics[metric] for s in samples]) :])


def enough(repeats: Repeats, samples: Sequence[Sample], metric: str) -> bool:
    """Whether a trial has its samples: a failed one, the most, or the least with a narrow interval.

    The interval is Student's 95 % one for the mean: for repeats that are independent and roughly normal.
    """
    if len(samples) >= repeats.most or any(s.state is not State.OK for s in samples):
        return bool(samples)
    if len(samples) < max(repeats.least, 2) or repeats.until is None:
        return False
    values = [s.metrics[metric] for s in samples]
    half = stdtrit(len(values) - 1, 0.975) * statistics.stdev(values) / len(values) ** 0.5
    return bool(half <= repeats.until * abs(statistics.fmean(values)))


def best(study: Study, trials: Sequence[Trial]) -> Trial | None:
    """The good trial, other than the baseline, that the search liked best; None where there is none."""
    return next(iter(ranking(study, trials)), None)


def ranking(study: Study, trials: Sequence[Trial]) -> list[Trial]:
    """The good trials other than the baseline, the best first: limits, then the value, then the order."""
    baseline = config_key(study.baseline)
    good = [t for t in trials if t.state is State.OK and config_key(t.config) != baseline]
    sign = -1.0 if study.direction == "maximize" else 1.0
    return sorted(good, key=lambda t: (t.violation, sign * (t.value or 0.0), t.number))
