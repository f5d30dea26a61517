"""What the samples tell of metrics that are read from many values: mean, percentiles, largest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from autotune.core.units import is_duration
from autotune.model.trial import Distribution, Sample
from autotune.model.workload import Metric
from autotune.report.side import Side

OMISSION = "closed loop: coordinated omission possible"
"""What has to stand beside latencies of requests that wait for each other."""

_FIGURES: Mapping[str, Callable[[Distribution], float | None]] = {
    "mean": lambda d: d.mean,
    "p50": lambda d: _percentile(d, 50),
    "p95": lambda d: _percentile(d, 95),
    "p99": lambda d: _percentile(d, 99),
    "max": lambda d: d.most,
}


def loop_label(metric: Metric) -> str:
    """The warning for times of a closed loop, after a comma; else empty."""
    return f", {OMISSION}" if metric.closed_loop and is_duration(metric.unit) else ""


def distribution_sides(
    metrics: Sequence[Metric], baseline: Sequence[Sample], tuned: Sequence[Sample]
) -> tuple[Side, ...]:
    """Each figure of each metric's distribution, where a sample of either arm has it.

    Metrics that read the same values are shown once, under the name of the first.
    """
    once: dict[tuple[str, ...], Metric] = {}
    for metric in metrics:
        if metric.many:
            values = (metric.source, metric.where or metric.name, metric.file, metric.values_in, metric.unit)
            once.setdefault(values, metric)
    found = [_side(metric, figure, baseline, tuned) for metric in once.values() for figure in _FIGURES]
    return tuple(side for side in found if side.baseline or side.tuned)


def _side(metric: Metric, figure: str, baseline: Sequence[Sample], tuned: Sequence[Sample]) -> Side:
    before, after = (
        tuple(
            value
            for sample in samples
            if metric.name in sample.distributions
            and (value := _FIGURES[figure](sample.distributions[metric.name])) is not None
        )
        for samples in (baseline, tuned)
    )
    return Side(
        name=f"{metric.name}: {figure}",
        unit=metric.unit,
        baseline=before,
        tuned=after,
        source=f"all values of a sample{loop_label(metric)}",
        quality="exact",
    )


def _percentile(distribution: Distribution, percent: float) -> float | None:
    found = distribution.at(percent)
    return None if found is None else found.value
