"""Metrics of one sample, each from its own source."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autotune.measure import document, pattern
from autotune.measure.fill import fill
from autotune.measure.number import MetricError, finite, from_data, from_text
from autotune.model.trial import Resource
from autotune.model.workload import Metric, Workload

_LARGEST_FILE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where numbers can come from: what the command printed, wrote into its folder, cost, and returned.

    `cut` says that the middle of the output was not kept; `fields` fills placeholders in file names.
    """

    stdout: str
    folder: Path
    fields: Mapping[str, str]
    wall_s: float
    resources: tuple[Resource, ...] = ()
    returned: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False


def extract(workload: Workload, sources: Sources) -> tuple[dict[str, float], dict[str, int]]:
    """Each metric's value in its unit, and the numbers of observations where they are declared.

    Raises MetricError, naming the metric, for the first that has no finite value.
    """
    metrics: dict[str, float] = {}
    counts: dict[str, int] = {}
    for metric in workload.metrics:
        try:
            metrics[metric.name] = _value(metric, sources)
            if metric.count:
                counts[metric.name] = _count(metric, sources)
        except MetricError as error:
            sentence = str(error).removeprefix(f"{error.kind}: ")
            raise MetricError(
                error.kind, f"metric '{metric.name}': {sentence}{_hint(metric, sources)}"
            ) from error
    return metrics, counts


def returned(file: Path) -> Mapping[str, Any]:
    """What a Python workload returned, as its file says; empty where it is not there or no mapping."""
    try:
        data = json.loads(_read(file))
    except (MetricError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _hint(metric: Metric, sources: Sources) -> str:
    if not sources.cut or metric.file or metric.source not in {"regex", "json"}:
        return ""
    return (
        ". Of the long output the middle was not kept: write results to a file in {out}, name it by 'file:'"
    )


def _value(metric: Metric, sources: Sources) -> float:
    match metric.source:
        case "regex":
            return pattern.find(metric.where, _text(metric, sources), metric.unit)
        case "json":
            return document.find(metric.where, _text(metric, sources))
        case "wall":
            return from_text(f"{sources.wall_s!r}s", metric.unit or "s")
        case "resource":
            return _resource(metric, sources)
        case "returned":
            return from_data(_returned(metric.where or metric.name, sources))


def _count(metric: Metric, sources: Sources) -> int:
    """The number of observations behind the metric: a whole number, not below zero."""
    match metric.source:
        case "regex":
            number = pattern.find(metric.count, _text(metric, sources), "")
        case "json":
            number = document.find(metric.count, _text(metric, sources))
        case "returned":
            number = from_data(_returned(metric.count, sources))
        case _:
            raise MetricError("bad_metric", f"source {metric.source} has no count of observations")
    if number < 0 or not number.is_integer():
        raise MetricError("bad_metric", f"its count is {number:g}, which is no count")
    return int(number)


def _returned(name: str, sources: Sources) -> Any:
    if name not in sources.returned:
        known = ", ".join(map(str, sources.returned)) or "nothing"
        raise MetricError("metric_missing", f"'{name}' was not returned, but {known}")
    return sources.returned[name]


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


def _text(metric: Metric, sources: Sources) -> str:
    if not metric.file:
        return sources.stdout
    (name,) = fill([metric.file], sources.fields)
    return _read(_inside(sources.folder, name))


def _inside(folder: Path, name: str) -> Path:
    """The file `name` in the sample's own folder: what lies elsewhere may be of another sample."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise MetricError(
            "bad_metric", f"file '{name}' is not in the sample's own folder; write it to {{out}}"
        )
    return path


def _read(path: Path) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise MetricError("metric_missing", f"{path.name} is no regular file")
        if status.st_size > _LARGEST_FILE:
            raise MetricError("bad_metric", f"file {path.name} is larger than {_LARGEST_FILE >> 20} MiB")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise MetricError("metric_missing", f"file {path.name} was not written ({error.strerror})") from error
