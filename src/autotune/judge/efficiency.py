"""Indices of how well a sample used the machine, each with its formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from autotune.core.units import rate_period_s

IndexName: TypeAlias = Literal[
    "cpu_efficiency", "memory_efficiency", "work_per_cpu_s", "work_per_gib_s", "cost_per_work"
]

WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "cpu_efficiency": {"utilisation": 0.4, "balance": 0.3, "switches": 0.2, "thermal": 0.1},
    "memory_efficiency": {"allocation": 0.35, "fragmentation": 0.25, "cache": 0.25, "collection": 0.15},
}
"""Parts of the two composed indices with their weights, unless a workload gives others."""

COST = "cost_per_work"
WORK = ("work_per_cpu_s", "work_per_gib_s", COST)
"""Indices that relate a sample's work to what it took."""

GIB = 2.0**30
_HOUR_S = 3600.0
_SWITCHES_PER_CPU_S = 1000.0
"""Switches per CPU second at which that part is one half: a switch each millisecond of work."""


def weighted(scores: Mapping[str, float | None], weights: Mapping[str, float]) -> float | None:
    """The mean of the known `scores`, 0 to 1, by `weights`; None where no weight falls on a known one.

    sum(w_i s_i) / sum(w_i) over the parts that have a score: what cannot be known changes no weight among
    the others, so that values compare only between samples with the same parts.
    """
    known = {name: score for name, score in scores.items() if score is not None}
    total = sum(weights.get(name, 0.0) for name in known)
    if total <= 0:
        return None
    return sum(weights.get(name, 0.0) * score for name, score in known.items()) / total


def utilisation(cpu_s: float, wall_s: float, cpus: int) -> float | None:
    """The sample's own CPU time as a share of what it could have had: cpu / (wall cpus)."""
    return _clipped(cpu_s / (wall_s * cpus)) if wall_s > 0 and cpus > 0 else None


def balance(busy_s: Sequence[float]) -> float | None:
    """How evenly the CPUs were busy: mean / max, 1 where all did the same, 1 / n where one did all.

    The load balance efficiency of the POP methodology (Performance Optimisation and Productivity).
    """
    most = max(busy_s, default=0.0)
    return sum(busy_s) / len(busy_s) / most if most > 0 else None


def switches(count: float, cpu_s: float) -> float | None:
    """How little the work was interrupted: 1 / (1 + r / 1000), r context switches per CPU second."""
    return 1 / (1 + count / cpu_s / _SWITCHES_PER_CPU_S) if cpu_s > 0 else None


def thermal(throttled_s: float, wall_s: float) -> float | None:
    """How little heat held the CPUs back: 1 - throttled / wall, `throttled_s` the mean over CPUs."""
    return _clipped(1 - throttled_s / wall_s) if wall_s > 0 else None


def allocation(resident: Sequence[float]) -> float | None:
    """How well memory that had to be there was used over time: mean / peak of the resident bytes."""
    peak = max(resident, default=0.0)
    return sum(resident) / len(resident) / peak if peak > 0 else None


def fragmentation(free: Sequence[int], order: int) -> float | None:
    """Which share of the free pages lies in blocks of 2**`order` pages or more.

    `free[i]` counts free blocks of 2**i pages. It is 1 less the unusable free space index (Gorman and
    Whitcroft, The What, The Why and the Where To of Anti-Fragmentation, Ottawa Linux Symposium 2006).
    """
    pages = sum(count << size for size, count in enumerate(free))
    large = sum(count << size for size, count in enumerate(free) if size >= order)
    return large / pages if pages else None


def cache(minor_faults: float, major_faults: float) -> float | None:
    """Which share of the page faults memory itself could serve: minor / (minor + major)."""
    faults = minor_faults + major_faults
    return minor_faults / faults if faults > 0 else None


def collection(collecting_s: float, wall_s: float) -> float | None:
    """Which share of the time no garbage was collected: 1 - collecting / wall."""
    return _clipped(1 - collecting_s / wall_s) if wall_s > 0 else None


def work(value: float, unit: str, wall_s: float) -> float:
    """The work of a sample by its metric: a rate (unit 1/s, 1/min) times the wall time, or a total."""
    period_s = rate_period_s(unit)
    return value if period_s is None else value * wall_s / period_s


def gib_seconds(seconds: Sequence[float], resident: Sequence[float], wall_s: float) -> float | None:
    """Memory over time: the integral of `resident` bytes, (n,) at `seconds`, over `wall_s`, in GiB s.

    A reading holds until the next one; the first one from the start, the last one to the end.
    """
    if not seconds or wall_s <= 0:
        return None
    starts = [0.0, *seconds[1:]]
    ends = [*seconds[1:], max(wall_s, seconds[-1])]
    return sum(r * (e - s) for r, s, e in zip(resident, starts, ends, strict=True)) / GIB


def cost(cpu_s: float, memory_gib_s: float, prices: Mapping[str, float]) -> float:
    """What a sample costs at `prices` for `cpu_hour` and `gib_hour`, in their currency; one left out is 0."""
    cpu, memory = prices.get("cpu_hour", 0.0), prices.get("gib_hour", 0.0)
    return (cpu_s * cpu + memory_gib_s * memory) / _HOUR_S


def _clipped(share: float) -> float:
    """`share` between 0 and 1: clocks of two sources may disagree by a tick."""
    return min(max(share, 0.0), 1.0)
