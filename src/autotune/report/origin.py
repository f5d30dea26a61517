"""What a metric comes from: its source, and how far its figures can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autotune.judge.efficiency import COST, WEIGHTS
from autotune.model.trial import Quality, Resource, Sample
from autotune.model.workload import Metric

_WORST_FIRST: tuple[Quality, ...] = ("unavailable", "floor", "sampled", "exact")


class Origin(NamedTuple):
    """A source in words, and a quality."""

    source: str
    quality: Quality


def origin(metric: Metric, metrics: Sequence[Metric], samples: Sequence[Sample]) -> Origin:
    """Where `metric`, one of `metrics`, has its values in `samples` from.

    A resource has that resource's source and quality, an index the worst quality of what it is made of.
    """
    if metric.source == "resource":
        found = of_name(metric.where or metric.name, samples)
        return Origin(
            sources(found) or "resource of the sample", worst(resource.quality for resource in found)
        )
    if metric.source == "index" and metric.where in WEIGHTS:
        return _composed(metric, samples)
    if metric.source == "index":
        return _of_work(metric, metrics, samples)
    return Origin(f"workload ({metric.source})", "exact")


def of_name(name: str, samples: Iterable[Sample]) -> list[Resource]:
    """The resource `name` of each sample that has it."""
    return [resource for sample in samples for resource in sample.resources if resource.name == name]


def sources(found: Iterable[Resource]) -> str:
    """All their sources."""
    return ", ".join(sorted({resource.source for resource in found}))


def worst(qualities: Iterable[Quality]) -> Quality:
    """The least trusted of `qualities`; unavailable where there are none."""
    return min(qualities, key=_WORST_FIRST.index, default="unavailable")


def _composed(metric: Metric, samples: Sequence[Sample]) -> Origin:
    """Parts that cannot be known take no part in the index."""
    known = [
        resource
        for sample in samples
        for resource in sample.resources
        if resource.name.startswith(f"{metric.name}.") and resource.value is not None
    ]
    names = dict.fromkeys(resource.name for resource in known)
    return Origin(
        f"index of {', '.join(names) or 'nothing known'}", worst(resource.quality for resource in known)
    )


def _of_work(metric: Metric, metrics: Sequence[Metric], samples: Sequence[Sample]) -> Origin:
    work = next(other for other in metrics if other.name == metric.work)
    qualities = [origin(work, metrics, samples).quality]
    spent = []
    if metric.where == "work_per_cpu_s" or _priced(metric, "cpu_hour"):
        spent.append("cpu_s")
        qualities.append(worst(resource.quality for resource in of_name("cpu_s", samples)))
    if metric.where == "work_per_gib_s" or _priced(metric, "gib_hour"):
        spent.append("memory over time")
        # It is summed over readings. Without any it comes from a peak, which may be no more than a floor.
        qualities += [
            "sampled",
            worst(resource.quality for resource in of_name("peak_memory_bytes", samples)),
        ]
    return Origin(f"index of {', '.join([metric.work, *spent])}", worst(qualities))


def _priced(metric: Metric, what: str) -> bool:
    return metric.where == COST and metric.prices.get(what, 0) > 0
