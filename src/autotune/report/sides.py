"""Baseline and tuned side by side: each metric and resource over the samples of the confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from autotune.model.run import Arm, RunRecord
from autotune.model.study import Study
from autotune.model.trial import Resource, Sample, State
from autotune.model.workload import Metric
from autotune.report.latency import distribution_sides, loop_label
from autotune.report.origin import of_name, origin, sources, worst
from autotune.report.pairs import last_pairs
from autotune.report.side import Side


def middle(values: Sequence[float]) -> float | None:
    """The median over samples, each sample's own value; None without one."""
    return median(values) if values else None


def sides(study: Study, record: RunRecord) -> tuple[Side, ...]:
    """Metrics as declared, resources as first seen, then what is known of metrics read from many values.

    Over the good samples of the last confirmation.
    """
    pairs = last_pairs(record)
    arms: dict[Arm, list[Sample]] = {
        "baseline": _good(pair.baseline for pair in pairs),
        "candidate": _good(pair.candidate for pair in pairs),
    }
    return sides_of(study.workload.metrics, arms)


def sides_of(metrics: Sequence[Metric], arms: Mapping[Arm, Sequence[Sample]]) -> tuple[Side, ...]:
    """The same for the good samples of any two arms."""
    declared = [_metric_side(metric, metrics, arms) for metric in metrics]
    names = {r.name: None for samples in arms.values() for sample in samples for r in sample.resources}
    resources = (_resource_side(name, arms) for name in names)
    return (*declared, *resources, *distribution_sides(metrics, arms["baseline"], arms["candidate"]))


def _good(samples: Iterable[Sample | None]) -> list[Sample]:
    return [sample for sample in samples if sample is not None and sample.state is State.OK]


def _metric_side(metric: Metric, metrics: Sequence[Metric], arms: Mapping[Arm, Sequence[Sample]]) -> Side:
    base, tuned = (
        tuple(s.metrics[metric.name] for s in arms[arm] if metric.name in s.metrics)
        for arm in ("baseline", "candidate")
    )
    found = origin(metric, metrics, [sample for samples in arms.values() for sample in samples])
    return Side(
        name=metric.name,
        unit=metric.unit,
        baseline=base,
        tuned=tuned,
        source=f"{found.source}{loop_label(metric)}",
        quality=found.quality if base or tuned else "unavailable",
    )


def _resource_side(name: str, arms: Mapping[Arm, Sequence[Sample]]) -> Side:
    seen = {arm: of_name(name, samples) for arm, samples in arms.items()}
    told = [resource for found in seen.values() for resource in found]
    # Where some samples have no value, the source and quality are those of the samples that have one.
    everything = [resource for resource in told if resource.value is not None] or told
    return Side(
        name=name,
        unit=told[0].unit,
        baseline=_values(seen["baseline"]),
        tuned=_values(seen["candidate"]),
        source=sources(everything),
        quality=worst(resource.quality for resource in everything),
    )


def _values(resources: Iterable[Resource]) -> tuple[float, ...]:
    return tuple(resource.value for resource in resources if resource.value is not None)
