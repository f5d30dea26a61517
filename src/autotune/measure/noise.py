"""What the rest of the machine did while a sample ran."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autotune.model.trial import Quality, Resource

PROC = Path("/proc")
NAMES = ("steal_s", "foreign_cpu_s", "host_cpu_s")
_STAT = "/proc/stat"
_FOREIGN = "/proc/stat, less cpu_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTimes:
    """Seconds since boot over all CPUs: busy, stolen by the hypervisor for other guests, and all together."""

    busy_s: float
    steal_s: float
    total_s: float


def host_times(proc: Path = PROC) -> HostTimes | None:
    """What /proc/stat says now; None where it cannot be read or has too few columns.

    A tick is 1/100 s on Linux, on each CPU. Time of guests is part of `user` there, and is not added again.
    """
    try:
        first = (proc / "stat").read_text(encoding="ascii").split("\n", 1)[0].split()
        user, nice, system, idle, iowait, irq, softirq, steal = map(int, first[1:9])
    except (OSError, ValueError):
        return None
    tick = os.sysconf("SC_CLK_TCK")
    busy = user + nice + system + irq + softirq
    return HostTimes(busy_s=busy / tick, steal_s=steal / tick, total_s=(busy + idle + iowait + steal) / tick)


def foreign(before: HostTimes | None, after: HostTimes | None, own_cpu_s: float) -> tuple[Resource, ...]:
    """Stolen seconds, CPU seconds of everybody else, and the seconds of all CPUs meanwhile, idle ones too.

    Everybody else is what the CPUs did less `own_cpu_s`: neighbours, kernel threads (those too that work for
    the sample, such as writing its pages back) and the harness. Counted in ticks, so off by a few of them.
    """
    if before is None or after is None:
        return tuple(_resource(name, None, _STAT, "unavailable") for name in NAMES)
    busy = after.busy_s - before.busy_s
    return (
        _resource("steal_s", max(0.0, after.steal_s - before.steal_s), _STAT, "exact"),
        _resource("foreign_cpu_s", max(0.0, busy - own_cpu_s), _FOREIGN, "sampled"),
        _resource("host_cpu_s", max(0.0, after.total_s - before.total_s), _STAT, "exact"),
    )


def _resource(name: str, value: float | None, source: str, quality: Quality) -> Resource:
    return Resource(name=name, value=value, unit="s", source=source, quality=quality)
