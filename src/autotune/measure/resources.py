"""What a sample cost the machine, each figure with its source and how far it can be trusted."""

from __future__ import annotations

from autotune.measure.outcome import Outcome
from autotune.model.trial import Quality, Resource

_WAIT4 = "wait4, all processes"
_PROC_IO = "/proc/PID/io, all processes"


def resources(outcome: Outcome) -> tuple[Resource, ...]:
    """Wall time, CPU, memory, storage, switches and faults of the command with all its descendants.

    CPU, switches and faults come from wait4: of the command, of the descendants that it waited for, and of
    those that the launcher adopted. Of a descendant that another one left without waiting (SIGCHLD ignored)
    the kernel keeps nothing.
    """
    used = outcome.used
    return (
        _exact("wall_s", outcome.wall_s, "s", "monotonic clock"),
        _exact("cpu_user_s", used.cpu_user_s, "s", _WAIT4),
        _exact("cpu_system_s", used.cpu_system_s, "s", _WAIT4),
        _exact("cpu_s", used.cpu_user_s + used.cpu_system_s, "s", _WAIT4),
        _peak_memory(outcome),
        _exact("read_bytes", used.read_bytes, "B", _PROC_IO),
        _exact("written_bytes", used.written_bytes, "B", _PROC_IO),
        _exact("voluntary_switches", used.voluntary_switches, "", _WAIT4),
        _exact("involuntary_switches", used.involuntary_switches, "", _WAIT4),
        _exact("minor_faults", used.minor_faults, "", _WAIT4),
        _exact("major_faults", used.major_faults, "", _WAIT4),
    )


def _exact(name: str, value: float | None, unit: str, source: str) -> Resource:
    quality: Quality = "unavailable" if value is None else "exact"
    return Resource(name=name, value=value, unit=unit, source=source, quality=quality)


def _peak_memory(outcome: Outcome) -> Resource:
    """The larger of the sampled sum over the tree and the largest process that wait4 tells of.

    The kernel's figure starts at the launcher's own peak, so it says nothing below that (quality `floor`: at
    most this). It is exact where no more than one process was ever seen at a time.
    """
    columns = outcome.series.columns
    sampled = max(columns.get("rss_bytes", ()), default=0.0)
    single = max(columns.get("processes", ()), default=0.0) == 1
    largest, floor = outcome.used.peak_bytes, outcome.used.floor_bytes

    def peak(value: float, source: str, quality: Quality) -> Resource:
        return Resource(name="peak_memory_bytes", value=value, unit="B", source=source, quality=quality)

    if largest > floor and largest >= sampled:
        return peak(largest, "wait4, the largest process", "exact" if single else "sampled")
    if sampled > floor:
        return peak(sampled, "sum of resident memory at 10 Hz", "sampled")
    return peak(floor, "the launcher's own peak: at most this", "floor")


NAMES = tuple(resource.name for resource in resources(Outcome()))
"""Names that `{resource: NAME}` can ask for."""
