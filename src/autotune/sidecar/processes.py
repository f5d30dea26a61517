"""What /proc says about a process tree."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LONGEST_READ = 1 << 16


class Usage(NamedTuple):
    """What a process uses: CPU seconds with its reaped children's, resident bytes, bytes moved to storage."""

    cpu_s: float
    rss_bytes: int
    read_bytes: int
    written_bytes: int


def descendants(root: int) -> list[int]:
    """Pids of all processes below `root`, zombies too, as the kernel lists them at this moment."""
    listed = os.access(f"/proc/{root}/task/{root}/children", os.R_OK)
    children = _listed if listed else _scanned()
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children(waiting.pop())
        found += below
        waiting += below
    return found


def usage(pid: int) -> Usage | None:
    """What `pid` uses now; None where it is gone. Storage bytes are 0 where they may not be read."""
    fields = _stat(pid)
    if not fields:
        return None
    cpu = sum(map(int, fields[11:15])) / _TICKS
    read, written = storage(pid) or (0, 0)
    return Usage(cpu, int(fields[21]) * _PAGE, read, written)


def storage(pid: int) -> tuple[int, int] | None:
    """Bytes that `pid` and its reaped children read from and wrote to storage; a zombie still tells."""
    values = dict(line.split(b": ") for line in _read(f"/proc/{pid}/io").splitlines())
    try:
        return int(values[b"read_bytes"]), int(values[b"write_bytes"])
    except KeyError:
        return None


def name(pid: int) -> str:
    """The command name of a process that still runs; empty for a zombie or none."""
    fields = _stat(pid)
    if not fields or fields[0] in {b"Z", b"X"}:
        return ""
    return _read(f"/proc/{pid}/comm").decode(errors="replace").strip()


def own_peak_bytes() -> int:
    """The most memory this process ever held: what the kernel counts as the floor of a child's peak."""
    for line in _read("/proc/self/status").splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _stat(pid: int) -> list[bytes]:
    """Fields of /proc/PID/stat from the state on (proc(5) number 3 is index 0); empty where it is gone."""
    return _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def _listed(pid: int) -> list[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  pathlib would add to the launcher's own memory
    except OSError:
        return []
    lists = (_read(f"/proc/{pid}/task/{thread}/children") for thread in threads)
    return [int(child) for listed in lists for child in listed.split()]


def _scanned() -> Callable[[int], list[int]]:
    """Children by parent from one scan of all processes, for kernels without a list of children."""
    below: dict[int, list[int]] = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208  as above
        fields = _stat(int(pid))
        if fields:
            below.setdefault(int(fields[1]), []).append(int(pid))
    return lambda pid: below.get(pid, [])


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, _LONGEST_READ)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
