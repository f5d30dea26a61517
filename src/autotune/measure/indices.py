"""Efficiency indices of one sample, with the parts that they are made of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from autotune.judge import efficiency
from autotune.measure.machine import Around
from autotune.measure.number import MetricError, finite
from autotune.model.trial import Quality, Resource, Series
from autotune.model.workload import Metric

_HUGE_PAGE = 2 << 20
COLLECTING = "gc_s"
"""What a function returns where it knows the seconds that its runtime spent on collecting garbage."""


class _Part(NamedTuple):
    score: float | None
    source: str
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a sample tells: its resources by name, its series, the machine around it, what it returned.

    `cpus` are as many as it may run on.
    """

    resources: Mapping[str, float | None]
    series: Series
    around: Around | None
    returned: Mapping[str, Any]
    cpus: int

    def number(self, name: str) -> float:
        """A resource; raises MetricError where it cannot be measured here."""
        value = self.resources.get(name)
        if value is None:
            raise MetricError("metric_missing", f"resource '{name}' cannot be measured here")
        return value

    def gib_s(self) -> float:
        """Memory over time; for a sample that ended before the first reading its peak all the time."""
        wall_s = self.number("wall_s")
        resident = self.series.columns.get("rss_bytes", ())
        found = efficiency.gib_seconds(self.series.seconds, resident, wall_s) if resident else None
        return found if found is not None else self.number("peak_memory_bytes") / efficiency.GIB * wall_s


def composed(metric: Metric, facts: Facts) -> tuple[float, tuple[Resource, ...]]:
    """The index that `metric` names, and its parts as figures of the sample, `NAME.PART`.

    A part that cannot be known has no value, its source says why, and its weight falls away. Raises
    MetricError where none of the weighted parts is known.
    """
    parts = _cpu(facts) if metric.where == "cpu_efficiency" else _memory(facts)
    weights = metric.weights or efficiency.WEIGHTS[metric.where]
    value = efficiency.weighted({name: part.score for name, part in parts.items()}, weights)
    if value is None:
        why = "; ".join(f"{name}: {part.source}" for name, part in parts.items() if weights.get(name))
        raise MetricError("metric_missing", f"no part of {metric.where} can be known here ({why})")
    value = finite(value)
    figures = tuple(
        Resource(
            name=f"{metric.name}.{name}",
            value=part.score,
            unit="",
            source=part.source,
            quality=part.quality,
        )
        for name, part in parts.items()
        if weights.get(name)
    )
    return value, figures


def of_work(metric: Metric, work: float, facts: Facts) -> float:
    """Work per CPU second or GiB second, or the cost of a unit of it; raises MetricError without any."""
    if metric.where == efficiency.COST:
        spent = efficiency.cost(facts.number("cpu_s"), facts.gib_s(), metric.prices)
        return finite(spent / _some(work, f"work ('{metric.work}')"))
    if metric.where == "work_per_cpu_s":
        return finite(work / _some(facts.number("cpu_s"), "CPU time"))
    return finite(work / _some(facts.gib_s(), "memory"))


def _some(amount: float, what: str) -> float:
    if amount <= 0:
        raise MetricError("bad_metric", f"{what} is {amount:g}; it has to be above zero")
    return amount


def _cpu(facts: Facts) -> dict[str, _Part]:
    wall_s, cpu_s = facts.number("wall_s"), facts.number("cpu_s")
    switched = facts.number("voluntary_switches") + facts.number("involuntary_switches")
    busy = facts.around.busy_s() if facts.around else None
    throttled = facts.around.throttled_s() if facts.around else None
    return {
        "utilisation": _part(
            efficiency.utilisation(cpu_s, wall_s, facts.cpus), f"cpu_s / (wall_s * {facts.cpus} CPUs)"
        ),
        "balance": _part(
            None if busy is None else efficiency.balance(busy),
            "/proc/stat, whole machine: mean / max of the CPUs' busy time",
            "sampled",
            missing="less than 0.2 s is too short for /proc/stat" if busy is None else "no CPU was busy",
        ),
        "switches": _part(
            efficiency.switches(switched, cpu_s), "1 / (1 + context switches per CPU second / 1000)"
        ),
        "thermal": _part(
            None if throttled is None else efficiency.thermal(throttled, wall_s),
            "1 - thermal throttling / wall time",
            missing="no sensor of thermal throttling",
        ),
    }


def _memory(facts: Facts) -> dict[str, _Part]:
    resident = facts.series.columns.get("rss_bytes", ())
    free = facts.around.after.free_blocks if facts.around else ()
    order = (_HUGE_PAGE // os.sysconf("SC_PAGE_SIZE")).bit_length() - 1
    collecting = facts.returned.get(COLLECTING)
    known = isinstance(collecting, (int, float)) and not isinstance(collecting, bool)
    return {
        "allocation": _part(
            efficiency.allocation(resident), "mean / peak of resident memory at 10 Hz", "sampled"
        ),
        "fragmentation": _part(
            efficiency.fragmentation(free, order),
            "/proc/buddyinfo, whole machine: share of free memory in blocks of 2 MiB or more",
            "sampled",
        ),
        "cache": _part(
            efficiency.cache(facts.number("minor_faults"), facts.number("major_faults")),
            "page faults that needed no storage / all",
        ),
        "collection": _part(
            efficiency.collection(float(collecting or 0), facts.number("wall_s")) if known else None,
            f"1 - returned {COLLECTING} / wall time",
            missing=f"garbage collection is known only where one call returns {COLLECTING}",
        ),
    }


def _part(score: float | None, source: str, quality: Quality = "exact", *, missing: str = "") -> _Part:
    if score is None:
        return _Part(None, missing or f"no reading for {source}", "unavailable")
    return _Part(score, source, quality)
