"""What the kernel's scheduler knows of one thread, as text: CPUs, nice value, I/O priority, policy."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

_Read = TypeVar("_Read")

_POLICIES = {
    "other": os.SCHED_OTHER,
    "batch": os.SCHED_BATCH,
    "idle": os.SCHED_IDLE,
    "fifo": os.SCHED_FIFO,
    "rr": os.SCHED_RR,
}
_CLASSES = ("none", "realtime", "best-effort", "idle")
_CLASS_SHIFT = 13
_PROCESS = 1
_CALLS = {
    "x86_64": (251, 252), "i686": (289, 290), "armv7l": (314, 315),
    "ppc64le": (273, 274), "s390x": (282, 283),
}  # fmt: skip
_GENERIC_CALLS = (30, 31)
"""Numbers of ioprio_set and ioprio_get, which no library wraps; the generic ones are of aarch64, riscv64."""


class Attribute(NamedTuple):
    """How one attribute of a thread is read, written, and written by a person (the tid is appended)."""

    get: Callable[[int], str]
    put: Callable[[int, str], None]
    command: Callable[[str], Sequence[str]]


def cpu_list(cpus: set[int]) -> str:
    """CPUs as the kernel lists them: 0-2,5."""
    parts: list[list[int]] = []
    for cpu in sorted(cpus):
        if parts and parts[-1][-1] == cpu - 1:
            parts[-1][1:] = [cpu]
        else:
            parts.append([cpu])
    return ",".join("-".join(map(str, part)) for part in parts)


def cpu_set(text: str) -> set[int]:
    """The CPUs of such a list; raises ValueError where it is none."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def _put_affinity(tid: int, text: str) -> None:
    os.sched_setaffinity(tid, _checked(cpu_set, text))


def _get_policy(tid: int) -> str:
    policy, forks = os.sched_getscheduler(tid), ""
    if policy & os.SCHED_RESET_ON_FORK:
        policy, forks = policy & ~os.SCHED_RESET_ON_FORK, "+reset-on-fork"
    name = next((name for name, number in _POLICIES.items() if number == policy), str(policy))
    priority = os.sched_getparam(tid).sched_priority
    return f"{name}{f':{priority}' if priority else ''}{forks}"


def _put_policy(tid: int, text: str) -> None:
    plain, forks = text.removesuffix("+reset-on-fork"), text.endswith("+reset-on-fork")
    name, _, priority = plain.partition(":")
    number = _checked(_POLICIES.__getitem__, name) | (os.SCHED_RESET_ON_FORK if forks else 0)
    os.sched_setscheduler(tid, number, os.sched_param(_checked(int, priority or "0")))


def _policy_command(text: str) -> Sequence[str]:
    name, _, priority = text.removesuffix("+reset-on-fork").partition(":")
    forks = ("--reset-on-fork",) if text.endswith("+reset-on-fork") else ()
    return ("chrt", *forks, f"--{name}", "--pid", priority or "0")


def _get_ionice(tid: int) -> str:
    raw = _ioprio(1, _PROCESS, tid)
    name, level = _CLASSES[raw >> _CLASS_SHIFT & 3], raw & 7
    return f"{name}:{level}" if name in {"realtime", "best-effort"} else name


def _put_ionice(tid: int, text: str) -> None:
    name, _, level = text.partition(":")
    _ioprio(0, _PROCESS, tid, _checked(_CLASSES.index, name) << _CLASS_SHIFT | _checked(int, level or "0"))


def _ionice_command(text: str) -> Sequence[str]:
    name, _, level = text.partition(":")
    return ("ionice", "--class", name, *(("--classdata", level) if level else ()), "--pid")


def _ioprio(which: int, *arguments: int) -> int:
    import ctypes  # noqa: PLC0415  the guardian pays for it only where it is needed

    libc = ctypes.CDLL(None, use_errno=True)
    number = _CALLS.get(os.uname().machine, _GENERIC_CALLS)[which]
    done = int(libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)))
    if done < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return done


def _checked(read: Callable[[str], _Read], text: str) -> _Read:
    try:
        return read(text)
    except (KeyError, ValueError) as error:
        raise OSError(errno.EINVAL, f"'{text}' is no value that a thread can have here") from error


ATTRIBUTES = {
    "affinity": Attribute(
        lambda tid: cpu_list(os.sched_getaffinity(tid)),
        _put_affinity,
        lambda text: ("taskset", "--cpu-list", "--pid", text),
    ),
    "nice": Attribute(
        lambda tid: str(os.getpriority(os.PRIO_PROCESS, tid)),
        lambda tid, text: os.setpriority(os.PRIO_PROCESS, tid, _checked(int, text)),
        lambda text: ("renice", "--priority", text, "--pid"),
    ),
    "ionice": Attribute(_get_ionice, _put_ionice, _ionice_command),
    "policy": Attribute(_get_policy, _put_policy, _policy_command),
}
