"""What samples amount to: one value of a metric, and how far a limit is missed, as a search sees it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from autotune.judge.limits import FAILURES
from autotune.model.study import Limit
from autotune.model.trial import Sample, State
from autotune.model.workload import Metric


def value(metric: Metric, samples: Sequence[Sample]) -> float:
    """The mean over good samples; of a percentile, which must not be averaged, the median.

    Raises statistics.StatisticsError without one.
    """
    values = [s.metrics[metric.name] for s in samples if s.state is State.OK]
    return statistics.fmean(values) if metric.percentile is None else statistics.median(values)


def median(samples: Sequence[Sample], metric: str) -> float:
    """The median of a metric over the good samples; NaN where there is none."""
    values = [s.metrics[metric] for s in samples if s.state is State.OK]
    return statistics.median(values) if values else float("nan")


def missed(limit: Limit, samples: Sequence[Sample], baseline: Sequence[Sample]) -> float:
    """By which share the limit is missed on medians; 0 where it is kept, and for failures."""
    if limit.metric == FAILURES:
        return 0.0
    base = median(baseline, limit.metric) if limit.kind == "relative" else 1.0
    return missed_by(limit, median(samples, limit.metric), base)


def missed_by(limit: Limit, seen: float, baseline: float) -> float:
    """The same for one value, and the baseline's."""
    bound = limit.bound * (baseline if limit.kind == "relative" else 1.0)
    over = seen - bound if limit.operator == "<=" else bound - seen
    return max(0.0, over / abs(bound) if bound else over)
