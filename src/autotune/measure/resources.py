"""What a sample cost the machine, each figure with its source and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autotune.measure.detached import CHILDREN_MISSING, detached, group_cpu
from autotune.measure.memory import memory
from autotune.measure.outcome import Outcome
from autotune.model.resources import KNOWN, RESOURCES
from autotune.model.trial import Quality, Resource

_ALL = ", all processes"
_WAIT4 = f"wait4{_ALL}"
_BLOCKS = f"wait4, in blocks of 512 bytes{_ALL}"
# Names are constants: a long run holds thousands of samples, which then share them.
_PRESSURES = ("cpu_some", "cpu_full", "memory_some", "memory_full", "io_some", "io_full")
_NETWORK = tuple(name for name in RESOURCES if name.startswith("network_"))
_AT_START = 2
"""Tasks in a group when its command is started: the launcher that stepped in, and the command."""


def resources(outcome: Outcome, environment_bytes: int | None = None) -> tuple[Resource, ...]:
    """Wall time, CPU, memory, storage, switches, faults, pressure, network of a command with its descendants.

    CPU is the larger of the control group's account and of wait4's: the group misses nothing, wait4 misses a
    descendant that another one left without waiting (SIGCHLD ignored). Storage, switches, faults and the
    largest process are known of those alone that were waited for.
    """
    return (
        exact("wall_s", outcome.wall_s, "monotonic clock"),
        *_cpu(outcome),
        *memory(outcome),
        *_waited(outcome),
        _peak_processes(outcome),
        *_pressure(outcome),
        *_host(outcome),
        *_network(outcome),
        exact("environment_bytes", environment_bytes, "the environment as it was given"),
        _monitor_share(outcome),
    )


def exact(name: str, value: float | None, source: str, *, why: str = "") -> Resource:
    """A figure that is exact where it has a value, in the unit of its name; else the source says `why`."""
    quality: Quality = "exact"
    if value is None:
        quality, source = "unavailable", why or f"cannot be read here: {source}"
    return Resource(name=name, value=value, unit=KNOWN[name], source=source, quality=quality)


def _waited(outcome: Outcome) -> Iterator[Resource]:
    """Figures that each process tells of when it is waited for: where one was not, they are "at least"."""
    used, lost = outcome.used, bool(detached(outcome))
    for name, value, source in (
        ("read_bytes", used.read_bytes, _BLOCKS),
        ("written_bytes", used.written_bytes, _BLOCKS),
        ("voluntary_switches", used.voluntary_switches, _WAIT4),
        ("involuntary_switches", used.involuntary_switches, _WAIT4),
        ("minor_faults", used.minor_faults, _WAIT4),
        ("major_faults", used.major_faults, _WAIT4),
    ):
        found = exact(name, value, source)
        yield found if value is None or not lost else _at_least(found)


def _at_least(found: Resource) -> Resource:
    source = found.source.removesuffix(_ALL)
    return replace(found, source=f"{source}: at least this, {CHILDREN_MISSING}", quality="floor")


def _own_cpu(outcome: Outcome) -> tuple[tuple[float, float], str]:
    """User and system seconds of the command with all its descendants, and who tells of them."""
    group, waited = group_cpu(outcome), (outcome.used.cpu_user_s, outcome.used.cpu_system_s)
    return (group, "control group") if group and sum(group) > sum(waited) else (waited, _WAIT4)


def _cpu(outcome: Outcome) -> Iterator[Resource]:
    (user, system), source = _own_cpu(outcome)
    yield exact("cpu_user_s", user, source)
    yield exact("cpu_system_s", system, source)
    yield exact("cpu_s", user + system, source)


def _peak_processes(outcome: Outcome) -> Resource:
    """The most tasks at once: a peak that came after the launcher had left the group is the command's own.

    An earlier one may count the launcher too: then it is one less, unless as many were seen at 10 Hz.
    """
    room = outcome.room
    seen = max(*outcome.series.columns.get("processes", ()), room.seen_processes, 1)
    peak, at_start = room.peak_processes, room.peak_at_start or _AT_START
    if peak is not None and peak > at_start:
        return exact("peak_processes", peak, "pids.peak of the control group")
    source = "seen at 10 Hz"
    if peak is not None:
        seen = max(seen, peak - 1)
        source = f"{source}: pids.peak of the control group counts the launcher at the start"
    return Resource(name="peak_processes", value=seen, unit="", source=source, quality="sampled")


def _pressure(outcome: Outcome) -> Iterator[Resource]:
    group, around = outcome.room.group_pressure, outcome.room.around
    for kind in _PRESSURES:
        yield exact(f"pressure_{kind}_s", group.get(kind), "pressure of the control group")
    for kind in _PRESSURES:
        host = around.get(f"pressure_{kind}")
        yield exact(f"host_pressure_{kind}_s", host, "/proc/pressure: the whole host")


def _host(outcome: Outcome) -> Iterator[Resource]:
    around = outcome.room.around
    yield exact("throttled_s", around.get("throttled"), "cpu.stat of the groups that autotune is in")
    yield exact("steal_s", around.get("steal"), "/proc/stat: the whole host")
    yield _foreign(outcome)
    yield exact("host_cpu_s", around.get("cpus"), "/proc/stat: the whole host, idle time too")
    yield exact("load", around.get("load"), "/proc/loadavg at the end: the whole host, 1 min")


def _foreign(outcome: Outcome) -> Resource:
    """CPU time of everybody else: what the CPUs did, less the sample's own.

    Of neighbours, of kernel threads (those too that work for the sample, such as writing its pages back) and
    of the harness. Counted in ticks, so off by a few of them.
    """
    busy, source = outcome.room.around.get("busy"), "/proc/stat: the whole host, less cpu_s"
    if busy is None:
        return exact("foreign_cpu_s", None, source)
    value = max(0.0, busy - sum(_own_cpu(outcome)[0]))
    return Resource(name="foreign_cpu_s", value=value, unit="s", source=source, quality="sampled")


def _network(outcome: Outcome) -> Iterator[Resource]:
    room = outcome.room
    source = "network namespace of the sample" if room.own_network else "/proc/net/dev: the whole host"
    for name in _NETWORK:
        # A workload that asked for figures of its own is not given the host's in their place.
        value = None if room.no_network else room.around.get(name)
        yield exact(name, value, source, why=room.no_network)


def _monitor_share(outcome: Outcome) -> Resource:
    known = outcome.wall_s > 0 and bool(outcome.series.seconds)
    value = outcome.monitor_s / outcome.wall_s if known else None
    source = "the monitor's own CPU time, of one core"
    return exact("monitor_cpu_share", value, source, why="ended before the first reading")
