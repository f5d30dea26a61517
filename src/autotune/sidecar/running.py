"""One process, told from a later one that got its number."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_STATE, _START = 0, 19
"""Places of state and start time in /proc/PID/stat behind the name (proc(5): fields 3 and 22)."""

_SLACK_S = 2.0
"""A pid file may seem so much older than its process: the boot's time is known to a second or so."""

_LONGEST_PIDFILE = 64


class Running(NamedTuple):
    """A process by its pid and when it started, in clock ticks since boot."""

    pid: int
    start: int

    @property
    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return started(self.pid) == self.start


def started(pid: int) -> int | None:
    """When the process started, in ticks since boot; None where it is gone or a zombie."""
    try:
        fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return None
    return None if not fields or fields[_STATE] in "ZX" else int(fields[_START])


def of_pidfile(path: str) -> Running:
    """The process whose number the file holds.

    Raises OSError where there is no such file, no such process, or one that started after the file was
    written: the number has gone to another process then.
    """
    text = _text(path)[:_LONGEST_PIDFILE].split()
    if not text or not text[0].isdigit() or int(text[0]) <= 1:
        raise OSError(errno.EINVAL, f"{path} holds no number of a process")
    pid = int(text[0])
    start = started(pid)
    if start is None:
        raise ProcessLookupError(errno.ESRCH, f"process {pid} of {path} is gone")
    if _clock_time(start) > os.stat(path).st_mtime + _SLACK_S:  # noqa: PTH116  pathlib would add to memory
        raise ProcessLookupError(errno.ESRCH, f"process {pid} is younger than {path}: it is another one")
    return Running(pid, start)


def named(name: str) -> Running:
    """The one process whose name (comm, 15 characters at most) is `name`.

    Raises ProcessLookupError where there is none, OSError where there are several.
    """
    found = [pid for pid in _pids() if _name(pid) == name]
    running = [Running(pid, start) for pid in found if (start := started(pid)) is not None]
    if not running:
        raise ProcessLookupError(errno.ESRCH, f"no process is called '{name}'")
    if len(running) > 1:
        pids = ", ".join(str(one.pid) for one in running[:5])
        raise OSError(
            errno.EEXIST, f"{len(running)} processes are called '{name}' (pids {pids}): name a pid file"
        )
    return running[0]


def _clock_time(start: int) -> float:
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + start / _TICKS


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]  # noqa: PTH208  as above


def _name(pid: int) -> str:
    with suppress(OSError):
        return _text(f"/proc/{pid}/comm").removesuffix("\n")
    return ""


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123  as above
        return file.read()
