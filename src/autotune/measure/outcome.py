"""What is asked of the launcher, what comes back."""

from __future__ import annotations

import signal
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import waitstatus_to_exitcode
from pathlib import Path
from typing import Any

from autotune.model.confine import Confine
from autotune.model.trial import Series
from autotune.model.workload import Network

_UNBOUND = Confine()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command; of each of its output streams the first and the last `cap_bytes` are kept.

    `monitor` asks for a series of readings, ten a second, and for all that the command costs. `env` is the
    whole environment. With `log` what it prints goes to the end of that file, and nothing is kept.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    timeout_s: float
    cap_bytes: int = 64 * 1024
    monitor: bool = False
    network: Network = "host"
    confine: Confine = _UNBOUND
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The kept ends of an output stream of `total` bytes."""

    head: bytes = b""
    tail: bytes = b""
    total: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.left_out == 0

    @property
    def left_out(self) -> int:
        """How many bytes of its middle were not kept."""
        return self.total - len(self.head) - len(self.tail)

    @property
    def text(self) -> str:
        """The stream as text, a line in place of what was left out; what is not UTF-8 becomes U+FFFD."""
        if self.whole:
            return (self.head + self.tail).decode(errors="replace")
        gap = f"\n[... {self.left_out} bytes left out ...]\n"
        return self.head.decode(errors="replace") + gap + self.tail.decode(errors="replace")


_NOTHING = Output()
_NO_SERIES = Series()


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a command cost, it and all its descendants: seconds, bytes and counts.

    `peak_bytes` is the largest single process, known only above `floor_bytes`, the launcher's own peak;
    `read_bytes` and `written_bytes` are None where a process would not tell.
    """

    cpu_user_s: float = 0.0
    cpu_system_s: float = 0.0
    peak_bytes: int = 0
    floor_bytes: int = 0
    read_bytes: int | None = None
    written_bytes: int | None = None
    minor_faults: int = 0
    major_faults: int = 0
    voluntary_switches: int = 0
    involuntary_switches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where a command ran, and what the counters around it say: seconds, bytes and counts.

    `backend` is none, v1, v2 or hybrid; `no_group` and `no_network` say why there is none of its own.
    `group_*` come from the control group, None where it does not tell. `around` holds what the machine's
    counters grew by, `group_pressure` the group's own stall seconds (`cpu_some`). Of the `peak_processes` one
    may be the launcher where it is no more than `peak_at_start`, which is as far as it was inside;
    `seen_processes` is the most that readings saw.
    """

    backend: str = "none"
    no_group: str = "no control group was made"
    own_network: bool = False
    no_network: str = ""
    group_user_s: float | None = None
    group_system_s: float | None = None
    group_peak_bytes: int | None = None
    peak_processes: int | None = None
    peak_at_start: int | None = None
    seen_processes: int = 0
    oom_kills: int = 0
    group_pressure: Mapping[str, float] = field(default_factory=dict)
    around: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended.

    `exit_code` is None, and `signal` its name, where a signal ended it. `start_error` says why it never ran
    (and is empty otherwise). `leftovers` still ran when the command had ended, as "name (pid)", and were
    killed; `survivors` are pids that could not be killed. `timed_out` by idleness is `idle` too.
    `suspended_s` is for how long the machine or a process that measures stood still meanwhile, `monitor_s`
    the CPU seconds that the readings took, `refused` says which bound cannot be set here.
    """

    exit_code: int | None = None
    signal: str = ""
    timed_out: bool = False
    idle: bool = False
    wall_s: float = 0.0
    suspended_s: float = 0.0
    monitor_s: float = 0.0
    used: Used = field(default_factory=Used)
    room: Room = field(default_factory=Room)
    series: Series = field(default_factory=Series)
    stdout: Output = field(default_factory=Output)
    stderr: Output = field(default_factory=Output)
    leftovers: tuple[str, ...] = ()
    survivors: tuple[int, ...] = ()
    start_error: str = ""
    refused: str = ""

    @property
    def good(self) -> bool:
        """Whether it ran, ended by itself within its time, and said that all went well."""
        return self.exit_code == 0 and not self.timed_out and not self.start_error and not self.refused


def outcome(answer: Mapping[str, Any]) -> Outcome:
    """The outcome in a launcher's answer."""
    if "start_error" in answer:
        return Outcome(start_error=answer["start_error"], survivors=tuple(answer.get("survivors", ())))
    if "refused" in answer:
        return Outcome(refused=answer["refused"])
    code = None if answer["status"] is None else waitstatus_to_exitcode(answer["status"])
    return Outcome(
        exit_code=code if code is None or code >= 0 else None,
        signal=_signal_name(-code) if code is not None and code < 0 else "",
        timed_out=answer["timed_out"],
        idle=answer["idle"],
        wall_s=answer["wall_ns"] / 1e9,
        suspended_s=answer["suspended_s"],
        monitor_s=answer["monitor_s"],
        used=Used(**answer["used"], floor_bytes=answer["floor_bytes"]),
        room=_room(answer["room"], answer.get("most_tasks", 0)),
        series=_series(answer["series"]),
        stdout=_output(answer["stdout"]),
        stderr=_output(answer["stderr"]),
        leftovers=tuple(answer["leftovers"]),
        survivors=tuple(answer["survivors"]),
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals between the first and the last have no name
        return f"signal {number}"


def _room(answer: Mapping[str, Any], seen: int) -> Room:
    group = answer["group"]
    user, system = group.get("cpu") or (None, None)
    return Room(
        backend=answer["backend"],
        no_group=answer["no_group"],
        own_network=answer["own_network"],
        no_network=answer["no_network"],
        group_user_s=user,
        group_system_s=system,
        group_peak_bytes=group.get("peak_bytes"),
        peak_processes=group.get("peak_processes"),
        peak_at_start=group.get("peak_at_start"),
        seen_processes=seen,
        oom_kills=group.get("oom_kills", 0),
        group_pressure=group.get("pressure", {}),
        around=answer["around"],
    )


def _series(columns: Mapping[str, list[float]]) -> Series:
    if not columns:
        return _NO_SERIES
    values = {name: tuple(column) for name, column in columns.items()}
    return Series(seconds=values.pop("seconds", ()), columns=values)


def _output(answer: Mapping[str, Any]) -> Output:
    if not answer["total"]:
        return _NOTHING
    return Output(head=a2b_base64(answer["head"]), tail=a2b_base64(answer["tail"]), total=answer["total"])
