"""What all CPUs of the machine did since boot."""

from __future__ import annotations

from dataclasses import dataclass

from autotune.measure.doctor.finding import Machine
from autotune.sidecar.around import cpu_times


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTimes:
    """Seconds since boot over all CPUs: busy, stolen by the hypervisor for other guests, and all together."""

    busy_s: float
    steal_s: float
    total_s: float


def host_times(machine: Machine) -> HostTimes | None:
    """What /proc/stat says now; None where it cannot be read or has too few columns."""
    found = cpu_times((machine.text("proc/stat") or "").encode())
    return (
        None
        if found is None
        else HostTimes(busy_s=found.busy_s, steal_s=found.steal_s, total_s=found.total_s)
    )
