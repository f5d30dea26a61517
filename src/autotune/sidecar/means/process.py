"""How the kernel schedules a process with all its threads: CPUs, nice value, I/O priority, policy.

Address: `pid` and `start` of the process, `attribute`: affinity, nice, ionice or policy. The text is what
the threads have in common; threads that differ follow it, as in `0 4711=5`.
"""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Mapping
from typing import Any

from autotune.sidecar import thread
from autotune.sidecar.running import Running

_ROUNDS = 20
"""A process may start threads while they are visited; those of the last round are seen in the next."""


def read(address: Mapping[str, Any]) -> str | None:
    """The value of the first thread, and those of the threads that differ; None where the process is gone."""
    if not _of(address).alive:
        return None
    get = thread.ATTRIBUTES[address["attribute"]].get
    values = {tid: value for tid in _threads(address) if (value := _unless_gone(get, tid)) is not None}
    if not values:
        return None
    common = values.get(int(address["pid"]), next(iter(values.values())))
    return " ".join([common, *(f"{tid}={value}" for tid, value in values.items() if value != common)])


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Gives the value to every thread, also to those that start meanwhile.

    Raises ProcessLookupError where the process is gone, OSError where the kernel refuses the value.
    """
    if value is None or not _of(address).alive:
        raise ProcessLookupError(errno.ESRCH, f"process {address['pid']} is gone")
    common, own = _parsed(value)
    put = thread.ATTRIBUTES[address["attribute"]].put
    done: set[int] = set()
    for _ in range(_ROUNDS):
        waiting = [tid for tid in _threads(address) if tid not in done]
        if not waiting:
            return
        for tid in waiting:
            _unless_gone(lambda one: put(one, own.get(one, common)), tid)
        done.update(waiting)


def identity(address: Mapping[str, Any]) -> str:
    """Pid and start time; raises ProcessLookupError where the process is gone, or another has its pid."""
    if not _of(address).alive:
        raise ProcessLookupError(errno.ESRCH, f"process {address['pid']} is gone")
    return f"{address['pid']}:{address['start']}"


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """A loop over the threads, with a command of its own for each that differs."""
    common, own = _parsed(value or "")
    command = thread.ATTRIBUTES[address["attribute"]].command
    folder = f"/proc/{address['pid']}/task"
    each = f'for t in {folder}/*; do {shlex.join(command(common))} "${{t##*/}}"; done'
    return "; ".join([each, *(shlex.join([*command(text), str(tid)]) for tid, text in own.items())])


def _of(address: Mapping[str, Any]) -> Running:
    return Running(int(address["pid"]), int(address["start"]))


def _threads(address: Mapping[str, Any]) -> list[int]:
    try:
        return sorted(map(int, os.listdir(f"/proc/{address['pid']}/task")))  # noqa: PTH208  pathlib's memory
    except FileNotFoundError:
        return []


def _unless_gone(act: Any, tid: int) -> str | None:
    try:
        done: str | None = act(tid)
    except ProcessLookupError:
        return None
    return done


def _parsed(value: str) -> tuple[str, dict[int, str]]:
    common, *others = value.split(" ")
    pairs = (other.partition("=") for other in others)
    return common, {int(tid): text for tid, _, text in pairs}
