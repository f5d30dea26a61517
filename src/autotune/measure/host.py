"""What this machine is: facts for expressions, a description for the report."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from autotune.model.space import Value

_MIB = 1 << 20


def facts() -> dict[str, Value]:
    """Facts that a constraint or a condition can name, as `host.NAME`.

    `cpus` are those this process may run on; `memory_mib` is what the machine has, or what the innermost
    memory limit of a control group leaves of it.
    """
    return {
        "host.cpus": len(os.sched_getaffinity(0)),
        "host.memory_mib": min([_physical_bytes(), *_memory_limits()]) // _MIB,
        "host.page_size": os.sysconf("SC_PAGE_SIZE"),
        "host.arch": platform.machine(),
        "host.kernel": platform.release(),
    }


def describe(folder: Path | None = None) -> dict[str, Any]:
    """What the report says about the machine; `filesystem` is that of `folder` (default: the current one).

    No environment, no names of host or user: the report is made to be passed on.
    """
    known = {name.removeprefix("host."): value for name, value in facts().items()}
    return {
        **known,
        "os": _os_name(),
        "cpu_model": _cpu_model(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "filesystem": _filesystem((folder or Path.cwd()).resolve()),
        "container": _container(),
        "load": [round(x, 2) for x in os.getloadavg()],
    }


def _physical_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _memory_limits() -> Iterator[int]:
    """Limits of this process's control groups: version 2, version 1, seen from inside a container or not."""
    for line in _lines(Path("/proc/self/cgroup")):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            root, file = Path("/sys/fs/cgroup"), "memory.max"
        elif "memory" in controllers.split(","):
            root, file = Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"
        else:
            continue
        own = root / path.lstrip("/")
        for group in (own, *own.parents):
            if group.is_relative_to(root):
                yield from (int(text) for text in _lines(group / file) if text.isdigit())


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return sys.platform


def _cpu_model() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return "unknown"


def _filesystem(folder: Path) -> str:
    mounts = [p for p in psutil.disk_partitions(all=True) if folder.is_relative_to(p.mountpoint)]
    return max(mounts, key=lambda p: len(p.mountpoint)).fstype if mounts else "unknown"


def _container() -> str:
    """A hint at the container this runs in; empty where there is none to see."""
    if Path("/.dockerenv").exists():
        return "docker"
    if Path("/run/.containerenv").exists():
        return "podman"
    names = ("kubepods", "docker", "lxc", "containerd")
    groups = "\n".join(_lines(Path("/proc/1/cgroup")))
    return next((name for name in names if name in groups), "")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
