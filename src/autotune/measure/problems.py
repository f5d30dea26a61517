"""Mistakes in how a workload is run and measured, found without running it."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.measure import document, noise, pattern
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
    for where, argv in steps.items():
        for name in sorted(set(placeholders(argv)) - known):
            yield f"{where}: {unknown(name, known)}"


def _metric(metric: Metric, workload: Workload) -> Iterator[str]:
    checks = {"regex": pattern.problem, "json": document.problem}
    if check := checks.get(metric.source):
        for text in filter(None, (metric.where, metric.count)):
            if problem := check(text):
                yield f"metric '{metric.name}': {problem}."
    name = metric.where or metric.name
    known = (*NAMES, *noise.NAMES)
    if metric.source == "resource" and name not in known:
        yield f"metric '{metric.name}': there is no resource '{name}'. Known: {', '.join(known)}."
    if metric.source == "returned" and workload.driver != "python":
        yield f"metric '{metric.name}': only driver python returns values."
