"""One command, from its start until nothing of it is left."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import IO, Any, Self

from autotune.sidecar import processes
from autotune.sidecar.capture import Capture
from autotune.sidecar.monitor import Monitor
from autotune.sidecar.reaper import Reaper

_GRACE_S = 0.2
"""How long what the command left behind may still end by itself, such as the last writer of a pipe."""

_CHUNK = 1 << 16
_LAST_TURNS = 16
"""Chunks that the largest pipe (1 MiB) can still hold; a survivor that goes on writing is not waited for."""


class AbandonedError(Exception):
    """The harness hung up; whoever catches it ends what still runs."""


def run(request: Mapping[str, Any], control: int, started: Callable[[int], None]) -> dict[str, Any]:
    """The outcome of the command as plain data.

    `started` is called with its pid. Raises AbandonedError when `control` becomes readable meanwhile.
    """
    floor = processes.own_peak_bytes()
    began = time.monotonic_ns()
    try:
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
    except (OSError, ValueError) as error:
        return _not_started(error)
    started(process.pid)
    with _Job(process, began, request) as job:
        answer = job.finish(control)
    return {**answer, "floor_bytes": floor}


def _not_started(error: OSError | ValueError) -> dict[str, Any]:
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return {"start_error": f"{error.strerror}{where}", "errno": error.errno}
    return {"start_error": str(error), "errno": 0}


class _Job:
    """The running command with its pipes."""

    def __init__(self, process: subprocess.Popen[bytes], began: int, request: Mapping[str, Any]) -> None:
        self._process = process
        self._began = began
        self._deadline = began / 1e9 + request["timeout_s"]
        self._monitor = Monitor(began / 1e9) if request["monitor"] else None
        self._captures = {name: Capture(request["cap"]) for name in ("stdout", "stderr")}
        self._reaper = Reaper(process.pid)
        self._selector = selectors.DefaultSelector()
        self._end = os.pidfd_open(process.pid)
        for name in self._captures:
            stream: IO[bytes] = getattr(process, name)
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        os.close(self._end)
        for name in self._captures:
            getattr(self._process, name).close()
        # The reaper waited for it. Popen has to know, or it would some day wait for another process.
        self._process.returncode = self._reaper.status or 0

    def finish(self, control: int) -> dict[str, Any]:
        """Waits for the end or the time-out, ends what is left, and says how it went."""
        ended = self._wait(control)
        leftovers = self._linger() if ended else []
        survivors = self._reaper.end_all()
        for _ in range(_LAST_TURNS):
            self._turn(0)
        return {
            "status": self._reaper.status,
            "timed_out": ended is None,
            "wall_ns": (ended or time.monotonic_ns()) - self._began,
            "used": self._reaper.answer(),
            "series": self._monitor.answer() if self._monitor else {},
            **{name: capture.answer() for name, capture in self._captures.items()},
            "leftovers": leftovers,
            "survivors": survivors,
        }

    def _wait(self, control: int) -> int | None:
        """The moment at which the command ended, in nanoseconds; None at the time-out."""
        self._selector.register(control, selectors.EVENT_READ, "control")
        self._selector.register(self._end, selectors.EVENT_READ, "end")
        while (now := time.monotonic()) < self._deadline:
            stop = self._deadline
            if self._monitor:
                if now >= self._monitor.due:
                    self._reaper.collect()
                    self._monitor.read(now)
                stop = min(stop, self._monitor.due)
            at, ready = self._turn(max(0.0, stop - now))
            if "control" in ready:
                raise AbandonedError
            if "end" in ready:
                break
        self._selector.unregister(control)
        self._selector.unregister(self._end)
        return at if now < self._deadline else None

    def _linger(self) -> list[str]:
        """Names of what still runs when the pipes had time to close and orphans to end."""
        until = time.monotonic() + _GRACE_S
        while (self._reaper.collect() or self._open()) and time.monotonic() < until:
            self._turn(0.005)
        named = {pid: processes.name(pid) for pid in processes.descendants(os.getpid())}
        return [f"{name} ({pid})" for pid, name in named.items() if name]

    def _open(self) -> int:
        return len(self._selector.get_map())

    def _turn(self, wait_s: float) -> tuple[int, set[str]]:
        """Waits for something to happen and reads what was printed: when it happened, and what to."""
        ready = self._selector.select(wait_s)
        at = time.monotonic_ns()
        for key, _ in ready:
            if capture := self._captures.get(key.data):
                self._read(key, capture)
        return at, {key.data for key, _ in ready}

    def _read(self, key: selectors.SelectorKey, capture: Capture) -> None:
        chunk = os.read(key.fd, _CHUNK)
        if chunk:
            capture.add(chunk)
        else:
            self._selector.unregister(key.fileobj)
