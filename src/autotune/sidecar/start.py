"""Starts a command inside its control group and network namespace."""

from __future__ import annotations

import errno
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from typing import Any, NamedTuple

from autotune.sidecar import processes
from autotune.sidecar.group import Group
from autotune.sidecar.network import Network

_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
_FIRST_TO_DIE = 500
"""Where memory runs out on the whole machine, the workload goes before those who measure it."""


class Command(NamedTuple):
    """A command that was started at `began` (monotonic nanoseconds), with descriptors of what it prints.

    `theirs` are the other ends: held until the command has ended, so that closing its output at its own end
    wakes nobody before. What it prints has no end until they are closed.
    """

    pid: int
    began: int
    stdout: int
    stderr: int
    theirs: tuple[int, int]


def start(
    request: Mapping[str, Any],
    group: Group | None,
    network: Network | None,
    started: Callable[[int], None] = lambda _: None,
) -> Command:
    """The command, in a session of its own; `began` is the moment just before.

    `started` hears of its pid at once. Raises OSError or ValueError where it cannot be started, StuckError as
    the group does.

    This process steps into the group and the namespace for that moment, instead of a shell in front of the
    command: the command is inside from its first instruction on, its environment arrives unchanged, its own
    start's errors stay its own, and no second program is started within the measured time.
    """
    confine = request.get("confine") or {}
    if network or group or confine:
        with ExitStack() as stack:
            if network:
                stack.enter_context(network.entered())
            if group:
                stack.enter_context(group.entered())
            if confine:
                stack.enter_context(_narrowed(confine))
            command = _inside(request, started)
    else:
        command = _inside(request, started)
    _settle(command.pid, confine)
    return command


def _inside(request: Mapping[str, Any], started: Callable[[int], None]) -> Command:
    """Steps into the folder and back: what is started there begins there.

    The pid is told at once: whoever kills this process a moment later leaves a command that must be found.
    """
    here = os.open(".", os.O_PATH | os.O_CLOEXEC)
    try:
        os.chdir(request["cwd"])
        command = _spawned(request["argv"], request["env"], request.get("log", ""))
        started(command.pid)
        return command
    finally:
        os.fchdir(here)
        os.close(here)


def _spawned(argv: Sequence[str], env: Mapping[str, str], log: str) -> Command:
    """posix_spawn, which needs 0.15 ms less than subprocess for a program that does nothing.

    What it prints goes to the file `log` where one is named; its pipes then stay empty.
    """
    began = time.monotonic_ns()
    program = _program(argv[0], env)
    (stdout, their_stdout), (stderr, their_stderr) = os.pipe(), os.pipe()
    try:
        pid = os.posix_spawn(
            program,
            list(argv),
            env,
            file_actions=(
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                *(_into_file(log) if log else _into_pipes(their_stdout, their_stderr)),
            ),
            setsid=True,
            setsigdef=_IGNORED_BY_PYTHON,
        )
    except BaseException:
        for end in (stdout, stderr, their_stdout, their_stderr):
            os.close(end)
        raise
    return Command(pid, began, stdout, stderr, (their_stdout, their_stderr))


def _into_pipes(stdout: int, stderr: int) -> tuple[tuple[Any, ...], ...]:
    return (os.POSIX_SPAWN_DUP2, stdout, 1), (os.POSIX_SPAWN_DUP2, stderr, 2)


def _into_file(log: str) -> tuple[tuple[Any, ...], ...]:
    """Standard output and error, one after the other as they come, at the end of a file that is there."""
    return (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_APPEND, 0), (os.POSIX_SPAWN_DUP2, 1, 2)


def _program(name: str, env: Mapping[str, str]) -> str:
    """Where the command's own PATH leads to; raises OSError where nothing there can be run."""
    if "/" in name:
        return name
    places = _places(name, env.get("PATH", os.defpath))
    for place in places:
        if os.access(place, os.X_OK) and not os.path.isdir(place):  # noqa: PTH112  pathlib would add to the launcher's own memory
            return place
    number = errno.EACCES if any(map(os.path.isfile, places)) else errno.ENOENT
    raise OSError(number, os.strerror(number), name)


@lru_cache(maxsize=16)
def _places(name: str, path: str) -> tuple[str, ...]:
    """Where to look for the program, in this order."""
    return tuple(os.path.join(folder, name) for folder in path.split(os.pathsep))  # noqa: PTH118  as text


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
