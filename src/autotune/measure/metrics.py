"""Metrics of one sample, each from its own source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autotune.measure import document, many, pattern
from autotune.measure.number import MetricError, finite, from_data, from_text
from autotune.measure.texts import Texts
from autotune.measure.values import distribution, reduced
from autotune.model.trial import Distribution, Resource
from autotune.model.workload import Metric, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where numbers can come from: what the command printed, wrote into its folder, cost, and returned.

    `cut` says that the middle of the output was not kept; `fields` fills placeholders in file names.
    """

    stdout: str
    folder: Path
    fields: Mapping[str, str]
    wall_s: float
    exit_code: int | None = 0
    resources: tuple[Resource, ...] = ()
    returned: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """Each metric's value in its unit, observations where they are known, distributions of many values."""

    metrics: Mapping[str, float]
    counts: Mapping[str, int]
    distributions: Mapping[str, Distribution]


def extract(workload: Workload, sources: Sources) -> Extracted:
    """The metrics of `workload` in one sample.

    Raises MetricError, naming the metric, for the first that has no finite value.
    """
    metrics: dict[str, float] = {}
    counts: dict[str, int] = {}
    distributions: dict[str, Distribution] = {}
    texts = Texts(stdout=sources.stdout, folder=sources.folder, fields=sources.fields, cut=sources.cut)
    for metric in workload.metrics:
        try:
            if metric.many:
                found = many.values(metric, texts, sources.returned)
                metrics[metric.name] = reduced(found, metric)
                counts[metric.name] = found.total
                distributions[metric.name] = distribution(found, metric)
            else:
                metrics[metric.name] = _value(metric, sources, texts)
                if metric.count:
                    counts[metric.name] = _count(metric, sources, texts)
        except MetricError as error:
            sentence = f"metric '{metric.name}': {error.sentence}{_hint(metric, sources)}"
            raise MetricError(error.kind, sentence) from error
    return Extracted(metrics=metrics, counts=counts, distributions=distributions)


def _hint(metric: Metric, sources: Sources) -> str:
    if not sources.cut or metric.file or metric.source not in {"regex", "json"}:
        return ""
    return (
        ". Of the long output the middle was not kept: write results to a file in {out}, name it by 'file:'"
    )


def _value(metric: Metric, sources: Sources, texts: Texts) -> float:
    match metric.source:
        case "regex":
            return pattern.find(metric.where, texts.of(metric), metric.unit)
        case "json":
            return document.find(metric.where, texts.of(metric))
        case "wall":
            return from_text(f"{sources.wall_s!r}s", metric.unit or "s")
        case "exit":
            return _exit(sources)
        case "resource":
            return _resource(metric, sources)
        case "returned":
            return from_data(many.returned_value(metric.where or metric.name, sources.returned))
    raise MetricError("bad_metric", f"source {metric.source} needs percentile or reduce")


def _count(metric: Metric, sources: Sources, texts: Texts) -> int:
    """The number of observations behind the metric: a whole number, not below zero."""
    match metric.source:
        case "regex":
            number = pattern.find(metric.count, texts.of(metric), "")
        case "json":
            number = document.find(metric.count, texts.of(metric))
        case "returned":
            number = from_data(many.returned_value(metric.count, sources.returned))
        case _:
            raise MetricError("bad_metric", f"source {metric.source} has no count of observations")
    if number < 0 or not number.is_integer():
        raise MetricError("bad_metric", f"its count is {number:g}, which is no count")
    return int(number)


def _exit(sources: Sources) -> float:
    if sources.exit_code is None:
        raise MetricError("metric_missing", "a command that a signal ended has no exit code")
    return float(sources.exit_code)


def _resource(metric: Metric, sources: Sources) -> float:
    name = metric.where or metric.name
    found = next((r for r in sources.resources if r.name == name), None)
    if found is None:
        known = ", ".join(r.name for r in sources.resources)
        raise MetricError("metric_missing", f"there is no resource '{name}'. Known: {known}")
    if found.value is None:
        raise MetricError("metric_missing", f"resource '{name}' cannot be measured here ({found.source})")
    if not metric.unit:
        return finite(found.value)
    return from_text(f"{found.value!r}{found.unit}", metric.unit)
