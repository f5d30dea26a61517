"""What is asked of the launcher, what comes back."""

from __future__ import annotations

import signal
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import waitstatus_to_exitcode
from pathlib import Path
from typing import Any

from autotune.model.trial import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command; of each of its output streams the first and the last `cap_bytes` are kept.

    `monitor` asks for a series of readings, ten a second. `env` is the whole environment.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    timeout_s: float
    cap_bytes: int = 64 * 1024
    monitor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The kept ends of an output stream of `total` bytes."""

    head: bytes = b""
    tail: bytes = b""
    total: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.total == len(self.head) + len(self.tail)

    @property
    def text(self) -> str:
        """The stream as text, a line in place of what was left out; what is not UTF-8 becomes U+FFFD."""
        if self.whole:
            return (self.head + self.tail).decode(errors="replace")
        gap = f"\n[... {self.total - len(self.head) - len(self.tail)} bytes left out ...]\n"
        return self.head.decode(errors="replace") + gap + self.tail.decode(errors="replace")


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
class Outcome:
    """How a command ended.

    `exit_code` is None, and `signal` its name, where a signal ended it. `start_error` says why it never ran
    (and is empty otherwise). `leftovers` still ran when the command had ended, as "name (pid)", and were
    killed; `survivors` are pids that could not be killed.
    """

    exit_code: int | None = None
    signal: str = ""
    timed_out: bool = False
    wall_s: float = 0.0
    used: Used = field(default_factory=Used)
    series: Series = field(default_factory=Series)
    stdout: Output = field(default_factory=Output)
    stderr: Output = field(default_factory=Output)
    leftovers: tuple[str, ...] = ()
    survivors: tuple[int, ...] = ()
    start_error: str = ""

    @property
    def good(self) -> bool:
        """Whether it ran, ended by itself within its time, and said that all went well."""
        return self.exit_code == 0 and not self.timed_out and not self.start_error


def outcome(answer: Mapping[str, Any]) -> Outcome:
    """The outcome in a launcher's answer."""
    if "start_error" in answer:
        return Outcome(start_error=answer["start_error"])
    code = None if answer["status"] is None else waitstatus_to_exitcode(answer["status"])
    return Outcome(
        exit_code=code if code is None or code >= 0 else None,
        signal=_signal_name(-code) if code is not None and code < 0 else "",
        timed_out=answer["timed_out"],
        wall_s=answer["wall_ns"] / 1e9,
        used=_used(answer),
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


def _used(answer: Mapping[str, Any]) -> Used:
    used = dict(answer["used"])
    read, written = used.pop("storage") or (None, None)
    return Used(**used, floor_bytes=answer["floor_bytes"], read_bytes=read, written_bytes=written)


def _series(columns: Mapping[str, list[float]]) -> Series:
    values = {name: tuple(column) for name, column in columns.items()}
    return Series(seconds=values.pop("seconds", ()), columns=values)


def _output(answer: Mapping[str, Any]) -> Output:
    return Output(head=a2b_base64(answer["head"]), tail=a2b_base64(answer["tail"]), total=answer["total"])
