"""The programs that a workload's commands name, and where they are found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from autotune.core.placeholders import names
from autotune.measure.environment import environment
from autotune.model.workload import Applied, Workload

PYTHON = "{python}"
_PATH = "PATH"
_REMOTE = "ssh"
"""What starts a load on another machine."""


def named(workload: Workload) -> tuple[str, ...]:
    """The program of each of the workload's commands, once, as it is written there."""
    return tuple(dict.fromkeys(_named(workload)))


def _named(workload: Workload) -> Iterator[str]:
    for argv in _commands(workload):
        yield from argv[:1]
    if workload.python is not None:
        yield workload.python.interpreter or PYTHON
    if workload.load is not None and workload.load.on:
        yield _REMOTE


def _commands(workload: Workload) -> Iterator[tuple[str, ...]]:
    """Every command that this machine runs; a load that runs on another one has its program there."""
    yield workload.command
    if workload.load is not None and not workload.load.on:
        yield workload.load.command
    if (service := workload.instance) is not None:
        hints = (service.stop, service.reload)
        yield from (service.start, service.ready.command, *(hint.command for hint in hints if hint))
    if (made := workload.preparation) is not None:
        yield from (made.command, made.running)
    yield from (step.command for step in (workload.reset, workload.check) if step is not None)


def found(program: str, workload: Workload) -> str:
    """The path that `program` is started from under `workload`; empty where it is not there."""
    path = str(workload.folder / program) if os.sep in program else program
    return shutil.which(path, path=environment(workload, Applied()).get(_PATH)) or ""


def told_by_path(program: str, workload: Workload) -> bool:
    """Whether PATH alone, as it is now, says where `program` is.

    Not of a program that is named by its place, which a reset may build, nor of one that a parameter chooses.
    """
    chooses = any(p.apply.options.get("name") == _PATH for p in workload.space.parameters)
    return os.sep not in program and not names(program) and not chooses
