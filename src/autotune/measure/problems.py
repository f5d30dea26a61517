"""Mistakes in how a workload is run and measured, found without running it."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.measure import collect, document, hdr, pattern
from autotune.measure.fill import optional_fields, placeholders, unknown
from autotune.measure.resources import NAMES
from autotune.model.workload import PLACEHOLDERS, Metric, Workload


def problems(workload: Workload) -> tuple[str, ...]:
    """A sentence for each placeholder, pattern, path and resource that cannot work; empty where all can."""
    return (
        *_commands(workload),
        *(found for metric in workload.metrics for found in _metric(metric, workload)),
    )


def _commands(workload: Workload) -> Iterator[str]:
    known = (set(PLACEHOLDERS) - ({"duration"} if workload.duration_s is None else set())) | optional_fields(
        workload
    )
    steps = {"command": workload.command}
    steps |= {n: s.command for n, s in (("reset", workload.reset), ("check", workload.check)) if s}
    steps |= {f"metric '{m.name}', file": (m.file,) for m in workload.metrics if m.file}
    steps |= {f"metric '{m.name}'": (m.where,) for m in workload.metrics if m.source in {"hdr", "numbers"}}
    for where, argv in steps.items():
        for name in sorted(set(placeholders(argv)) - known):
            yield f"{where}: {unknown(name, known)}"


def _metric(metric: Metric, workload: Workload) -> Iterator[str]:
    checks = {"regex": pattern.problem, "json": document.problem}
    if check := checks.get(metric.source):
        for text in filter(None, (metric.where, metric.count)):
            if problem := check(text):
                yield f"metric '{metric.name}': {problem}."
    if metric.source == "hdr" and not hdr.installed():
        yield f"metric '{metric.name}': {hdr.NEEDED}."
    name = metric.where or metric.name
    known = (*NAMES, *collect.names(workload.collectors))
    if metric.source == "resource" and name not in known:
        yield f"metric '{metric.name}': there is no resource '{name}'. Known: {', '.join(known)}."
    if metric.source == "returned" and workload.driver not in {"python", "http"}:
        yield f"metric '{metric.name}': only the drivers python and http return values."
    if metric.work and workload.python and workload.python.calibrate:
        yield from _work_of_one_call(metric, workload)


def _work_of_one_call(metric: Metric, workload: Workload) -> Iterator[str]:
    """With `calibrate` a total is that of one call, while a sample's cost is that of all of its calls."""
    if not workload.metric(metric.work).unit.endswith("/s"):
        yield (
            f"metric '{metric.name}': with 'calibrate: true' the work '{metric.work}' is that of one call, "
            "the cost that of many. Take work per second (a unit such as 1/s), or leave calibrate out."
        )
