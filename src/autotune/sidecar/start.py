"""Starts a command inside its control group and network namespace."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from autotune.sidecar import processes
from autotune.sidecar.group import Group
from autotune.sidecar.network import Network

_FIRST_TO_DIE = 500
"""Where memory runs out on the whole machine, the workload goes before those who measure it."""


def start(
    request: Mapping[str, Any], group: Group | None, network: Network | None
) -> tuple[subprocess.Popen[bytes], int]:
    """The command, in a session of its own, and the moment just before its start in monotonic nanoseconds.

    Raises OSError or ValueError where it cannot be started, StuckError as the group does.

    This process steps into the group and the namespace for that moment, instead of a shell in front of the
    command: the command is inside from its first instruction on, its environment arrives unchanged, its own
    start's errors stay its own, and no second program is started within the measured time.
    """
    confine = request.get("confine") or {}
    with ExitStack() as stack:
        if network:
            stack.enter_context(network.entered())
        if group:
            stack.enter_context(group.entered())
        stack.enter_context(_narrowed(confine))
        began = time.monotonic_ns()
        process = subprocess.Popen(  # noqa: S603  an argv list, never a shell
            request["argv"],
            cwd=request["cwd"],
            env=request["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
    _settle(process.pid, confine)
    return process, began


@contextmanager
def _narrowed(confine: Mapping[str, Any]) -> Iterator[None]:
    """Holds this process to the CPU set and file size that the command is to inherit."""
    cpus, soft = os.sched_getaffinity(0), resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        if confine.get("cpus"):
            os.sched_setaffinity(0, confine["cpus"])
        if confine.get("file_size"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (confine["file_size"], soft[1]))
        yield
    finally:
        if confine.get("cpus"):
            os.sched_setaffinity(0, cpus)
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)


def _settle(pid: int, confine: Mapping[str, Any]) -> None:
    """Sets from outside, microseconds after the start, what this process could not undo for itself."""
    with suppress(ProcessLookupError):
        if nice := confine.get("nice"):
            os.setpriority(os.PRIO_PROCESS, pid, os.nice(0) + nice)  # behind us; the kernel stops at 19
        if size := confine.get("file_size"):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, size))
    processes.adjust_oom_score(pid, _FIRST_TO_DIE)
