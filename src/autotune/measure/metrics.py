"""Metrics of one sample, each from its own source."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autotune.judge.efficiency import WEIGHTS, work
from autotune.measure import document, indices, many, pattern
from autotune.measure.machine import Around
from autotune.measure.number import MetricError, finite, from_data, from_text
from autotune.measure.texts import Texts
from autotune.measure.values import distribution, own_factor, reduced
from autotune.model.trial import Distribution, Resource, Series
from autotune.model.workload import Metric, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where numbers can come from: what the command printed, wrote into its folder, cost, and returned.

    `cut` says that the middle of the output was not kept; `fields` fills placeholders in file names;
    `around` is the machine before and after, where an index asks for it.
    """

    stdout: str
    folder: Path
    fields: Mapping[str, str]
    wall_s: float
    exit_code: int | None = 0
    resources: tuple[Resource, ...] = ()
    series: Series = field(default_factory=Series)
    around: Around | None = None
    returned: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """Each metric's value in its unit; observations where they are known, distributions of many values.

    `parts` are what composed indices are made of.
    """

    metrics: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    distributions: dict[str, Distribution] = field(default_factory=dict)
    parts: list[Resource] = field(default_factory=list)


def extract(workload: Workload, sources: Sources) -> Extracted:
    """The metrics of `workload` in one sample.

    Raises MetricError, naming the metric, for the first that has no finite value.
    """
    found = Extracted()
    texts = Texts(stdout=sources.stdout, folder=sources.folder, fields=sources.fields, cut=sources.cut)
    # An index may be made of another metric, so it comes after those that are not made of any.
    for metric in sorted(workload.metrics, key=lambda metric: metric.source == "index"):
        try:
            if metric.source == "index":
                _index(metric, workload, sources, found)
            elif metric.many:
                _many(metric, sources, texts, found)
            else:
                found.metrics[metric.name] = _value(metric, sources, texts)
                if metric.count:
                    found.counts[metric.name] = _count(metric, sources, texts)
        except MetricError as error:
            sentence = f"metric '{metric.name}': {error.sentence}{_hint(metric, sources)}"
            raise MetricError(error.kind, sentence) from error
    return found


def _many(metric: Metric, sources: Sources, texts: Texts, found: Extracted) -> None:
    values = many.values(metric, texts, sources.returned)
    found.metrics[metric.name] = reduced(values, metric)
    found.counts[metric.name] = values.total
    found.distributions[metric.name] = distribution(values, metric)


def _index(metric: Metric, workload: Workload, sources: Sources, found: Extracted) -> None:
    # Of a function that is called many times the garbage of one call says nothing about the sample.
    many_calls = workload.python is not None and workload.python.calls
    facts = indices.Facts(
        resources={resource.name: resource.value for resource in sources.resources},
        series=sources.series,
        around=sources.around,
        returned={} if many_calls else sources.returned,
        cpus=len(set(workload.confine.cpus) or os.sched_getaffinity(0)),
    )
    if metric.where in WEIGHTS:
        found.metrics[metric.name], parts = indices.composed(metric, facts)
        found.parts.extend(parts)
        return
    done = work(found.metrics[metric.work], workload.metric(metric.work).unit, sources.wall_s)
    found.metrics[metric.name] = indices.of_work(metric, done, facts)


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
            return _returned(metric, sources)
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


def _returned(metric: Metric, sources: Sources) -> float:
    number = from_data(many.returned_value(metric.where or metric.name, sources.returned))
    return finite(number * own_factor(metric))


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
