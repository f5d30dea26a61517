"""Which boot, which machine, which process: what a pid and a time mean nothing without."""

from __future__ import annotations

import os
import time
from typing import Any

_STARTED = 19
"""Position of a process's start in /proc/PID/stat after its name (proc(5): field 22)."""


def boot() -> str:
    """The identity of this boot; empty where the kernel tells none."""
    return _line("/proc/sys/kernel/random/boot_id")


def machine() -> str:
    """The identity of this installation; empty where there is none."""
    return _line("/etc/machine-id")


def started(pid: int) -> int:
    """When the process began, in clock ticks since the boot; 0 where it has ended.

    A pid is given again some day; together with its start it is not. A zombie has ended.
    """
    fields = _line(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not fields or fields[0] in {"Z", "X"}:
        return 0
    return int(fields[_STARTED])


def now_s() -> float:
    """Seconds since the boot, those of a suspended machine too: a lease runs on while it sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def me() -> dict[str, Any]:
    """This process as the journal names it."""
    return {"boot": boot(), "machine": machine(), "pid": os.getpid(), "started": started(os.getpid())}


def _line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123  as in the launcher
            return file.readline().strip()
    except OSError:
        return ""
