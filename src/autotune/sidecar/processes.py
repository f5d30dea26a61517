"""What /proc says about a process tree."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from typing import NamedTuple

from autotune.sidecar.descriptors import Descriptors

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LONGEST_READ = 1 << 16
_LINKS_OF_ONE_THREAD = 3


class Usage(NamedTuple):
    """What a process uses: CPU seconds with its reaped children's, resident bytes, bytes moved to storage."""

    cpu_s: float
    rss_bytes: int
    read_bytes: int
    written_bytes: int


def adjust_oom_score(pid: int, score: int) -> None:
    """Makes the process a worse victim where memory runs out; below 0 a better one, where that is allowed."""
    with suppress(OSError):
        descriptor = os.open(f"/proc/{pid}/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, str(score).encode())
        finally:
            os.close(descriptor)


def descendants(root: int, files: Descriptors | None = None) -> list[int]:
    """Pids of all processes below `root`, zombies too, as the kernel lists them at this moment.

    With `files` their lists of children are kept open for the next time.
    """
    listed = os.access(f"/proc/{root}/task/{root}/children", os.R_OK)
    children = partial(_listed, files=files) if listed else _scanned()
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children(waiting.pop())
        found += below
        waiting += below
    return found


def usage(pid: int, files: Descriptors) -> Usage | None:
    """What `pid` uses now; None where it is gone. Storage bytes are 0 where they may not be read."""
    fields = (files.read(_file(pid, "stat")) or b"").rpartition(b")")[2].split(None, 23)
    if not fields:
        return None
    cpu = (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / _TICKS
    moved = _moved(files.read(_file(pid, "io")) or b"") or (0, 0)
    return Usage(cpu, int(fields[21]) * _PAGE, *moved)


def usage_but_cpu(pid: int, files: Descriptors) -> Usage | None:
    """The same with 0 CPU seconds at half the cost: the kernel needs twice as long for stat as for statm."""
    fields = (files.read(_file(pid, "statm")) or b"").split(None, 2)
    if not fields:
        return None
    moved = _moved(files.read(_file(pid, "io")) or b"") or (0, 0)
    return Usage(0.0, int(fields[1]) * _PAGE, *moved)


def forget(pid: int, files: Descriptors) -> None:
    """Closes what the functions above keep open of `pid`."""
    for name in ("stat", "statm", "io", f"task/{pid}/children"):
        files.forget(_file(pid, name))


@lru_cache(maxsize=1)
def storage_is_counted() -> bool:
    """Whether this kernel counts the bytes that processes read from and write to storage."""
    return _moved(read("/proc/self/io")) is not None


def pss(pid: int) -> int:
    """Resident bytes of `pid`, each shared page divided by those who share it; 0 where it is gone."""
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0


@lru_cache(maxsize=1024)
def _file(pid: int, name: str) -> str:
    """The path of a file that is read again and again: as a key, a known text is found at once."""
    return f"/proc/{pid}/{name}"


def _moved(text: bytes) -> tuple[int, int] | None:
    """The figures read_bytes and write_bytes in /proc/PID/io."""
    fields = text.split(None, 12)
    try:
        return int(fields[9]), int(fields[11])
    except (IndexError, ValueError):
        return None


def name(pid: int) -> str:
    """The command name of a process that still runs; empty for a zombie or none."""
    fields = _stat(pid)
    if not fields or fields[0] in {b"Z", b"X"}:
        return ""
    return read(f"/proc/{pid}/comm").decode(errors="replace").strip()


def start_time(pid: int) -> int:
    """When `pid` was started, in ticks since boot: with the pid it names a process; 0 where there is none."""
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 and fields[0] not in {b"Z", b"X"} else 0


def suspended_s() -> float:
    """Seconds since boot for which the machine slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


def own_peak_bytes() -> int:
    """The most memory this process ever held: what the kernel counts as the floor of a child's peak."""
    for line in read("/proc/self/status").splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _stat(pid: int) -> list[bytes]:
    """Fields of /proc/PID/stat from the state on (proc(5) number 3 is index 0); empty where it is gone."""
    return read(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def _listed(pid: int, files: Descriptors | None) -> list[int]:
    """Children of each thread; the links of the folder of threads say without a listing that there is one."""
    try:
        if os.stat(f"/proc/{pid}/task").st_nlink == _LINKS_OF_ONE_THREAD:  # noqa: PTH116  pathlib would add to the launcher's own memory
            path = f"/proc/{pid}/task/{pid}/children"
            return list(map(int, ((files.read(path) or b"") if files else read(path)).split()))
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  as above
    except OSError:
        return []
    lists = (read(f"/proc/{pid}/task/{thread}/children") for thread in threads)
    return [int(child) for listed in lists for child in listed.split()]


def _scanned() -> Callable[[int], list[int]]:
    """Children by parent from one scan of all processes, for kernels without a list of children."""
    below: dict[int, list[int]] = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208  as above
        fields = _stat(int(pid))
        if fields:
            below.setdefault(int(fields[1]), []).append(int(pid))
    return lambda pid: below.get(pid, [])


def read(path: str) -> bytes:
    """The first 64 KiB of a file; empty where it cannot be read."""
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
