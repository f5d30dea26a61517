"""What a service costs while it is under load, apart from what the load costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autotune.measure.resources import exact
from autotune.model.trial import Resource
from autotune.sidecar import processes
from autotune.sidecar.descriptors import Descriptors
from autotune.sidecar.figures import Figures

_FOREIGN = "foreign_cpu_s"
_TREE = "the service's processes, those that still run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The counters of a service at one moment: CPU seconds, bytes of memory and storage."""

    cpu_s: float | None
    memory_bytes: int
    read_bytes: int
    written_bytes: int
    cpu_source: str


def read(pid: int, folders: Mapping[str, str]) -> Reading:
    """The counters of process `pid` with all below it; CPU by the control group in `folders`, where one is.

    Memory is the sum of each process's share of what it holds (PSS).
    """
    files = Descriptors()
    try:
        tree = [pid, *processes.descendants(pid)]
        used = [found for one in tree if (found := processes.usage(one, files))]
    finally:
        files.close()
    cpu_s, source = _group_cpu(folders)
    if cpu_s is None:
        cpu_s, source = sum(one.cpu_s for one in used), f"/proc/PID/stat in ticks of 10 ms, {_TREE}"
    return Reading(
        cpu_s=cpu_s,
        memory_bytes=sum(map(processes.pss, tree)),
        read_bytes=sum(one.read_bytes for one in used),
        written_bytes=sum(one.written_bytes for one in used),
        cpu_source=source,
    )


def _group_cpu(folders: Mapping[str, str]) -> tuple[float | None, str]:
    if not folders:
        return None, ""
    figures = Figures(folders)
    try:
        found = figures.cpu()
    finally:
        figures.close()
    return (None if found is None else sum(found)), "control group of the service"


def cost(before: Reading, after: Reading) -> tuple[Resource, ...]:
    """What the service used between two readings, and the memory that it holds at the second."""
    cpu_s = None if after.cpu_s is None or before.cpu_s is None else max(0.0, after.cpu_s - before.cpu_s)
    moved = f"/proc/PID/io of {_TREE}"
    held = "PSS of the service's processes when the load ends"
    return (
        exact("server_cpu_s", cpu_s, after.cpu_source),
        Resource(
            name="server_memory_bytes", value=after.memory_bytes, unit="B", source=held, quality="sampled"
        ),
        exact("server_read_bytes", max(0, after.read_bytes - before.read_bytes), moved),
        exact("server_written_bytes", max(0, after.written_bytes - before.written_bytes), moved),
    )


def apart(load: Iterable[Resource], service: Sequence[Resource]) -> tuple[Resource, ...]:
    """What the `load` cost and then the `service`, whose CPU time is none of others any more.

    Of a service that somebody else started nothing is known: what is foreign cannot be told then.
    """
    cpu_s = next((one.value for one in service if one.name == "server_cpu_s"), None)
    return (*(_less(one, cpu_s) if one.name == _FOREIGN else one for one in load), *service)


def _less(foreign: Resource, cpu_s: float | None) -> Resource:
    if cpu_s is None or foreign.value is None:
        return exact(_FOREIGN, None, "", why="the service's CPU time cannot be told from that of others")
    return replace(
        foreign, value=max(0.0, foreign.value - cpu_s), source=f"{foreign.source} and server_cpu_s"
    )
