"""Takes the ended processes of a tree, exactly once each, or ends the whole tree."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autotune.sidecar import processes
from autotune.sidecar.group import Group

_SET_CHILD_SUBREAPER = 36
_PATIENCE_S = 10.0
"""A process that a SIGKILL has not ended by then hangs in the kernel; waiting longer would not help."""

_BLOCK = 512
"""Bytes: Linux makes wait4's blocks from the counters behind /proc/PID/io, without rights to look there."""

_SUMS = (
    ("cpu_user_s", "ru_utime"),
    ("cpu_system_s", "ru_stime"),
    ("minor_faults", "ru_minflt"),
    ("major_faults", "ru_majflt"),
    ("voluntary_switches", "ru_nvcsw"),
    ("involuntary_switches", "ru_nivcsw"),
)

_NOTHING = dict.fromkeys((name for name, _ in _SUMS), 0)


def become_subreaper() -> None:
    """Makes every orphan of this process's descendants its own child, double forks too.

    Raises OSError where the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no process can be made to adopt orphans here")


class Reaper:
    """What all ended children used together; `status` is the wait status of the watched one."""

    def __init__(
        self,
        watched: int,
        *,
        group: Group | None = None,
        kill: Callable[[int, int], None] = os.kill,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self.status: int | None = None
        self._watched = watched
        self._group = group
        self._kill = kill
        self._patience_s = patience_s
        self._used: dict[str, float] = dict(_NOTHING)
        self._blocks = [0, 0]
        self._peak_bytes = 0
        self._some_left = True

    def collect(self) -> bool:
        """Takes all children that have ended; whether any child is left, without whom none can come."""
        while self._some_left:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                self._some_left = False
                break
            if found is None:
                break
            self._take(found.si_pid)
        return self._some_left

    def end_all(self) -> list[int]:
        """Kills everything below this process, and takes it; pids that even SIGKILL did not end."""
        give_up = time.monotonic() + self._patience_s
        while self.collect():
            if self._group:
                self._group.kill()
            self._kill_descendants()
            if time.monotonic() > give_up:
                return processes.descendants(os.getpid())
            time.sleep(0.001)
        return []

    def answer(self) -> dict[str, Any]:
        """What all of them used together; bytes moved are None where the kernel does not count them."""
        known = processes.storage_is_counted()
        read, written = (_BLOCK * count if known else None for count in self._blocks)
        return {
            **self._used,
            "peak_bytes": self._peak_bytes,
            "read_bytes": read,
            "written_bytes": written,
        }

    def _take(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        if pid == self._watched:
            self.status = status
        for name, source in _SUMS:
            self._used[name] += getattr(usage, source)
        self._blocks[0] += usage.ru_inblock
        self._blocks[1] += usage.ru_oublock
        self._peak_bytes = max(self._peak_bytes, usage.ru_maxrss * 1024)

    def _kill_descendants(self) -> None:
        """Kills until a walk finds nothing new, so that a tree that goes on forking is outrun."""
        seen: set[int] = set()
        while new := [pid for pid in processes.descendants(os.getpid()) if pid not in seen]:
            for pid in new:
                with suppress(ProcessLookupError, PermissionError):
                    self._kill(pid, signal.SIGKILL)
            seen.update(new)
