"""One command, from its start until nothing of it is left."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, Self

from autotune.sidecar import processes
from autotune.sidecar.capture import Capture
from autotune.sidecar.monitor import Monitor
from autotune.sidecar.reaper import Reaper
from autotune.sidecar.room import Room
from autotune.sidecar.start import Command, start
from autotune.sidecar.watch import Idle, Watch

_GRACE_S = 0.2
"""How long what the command left behind may still end by itself, such as the last writer of a pipe."""

_CHUNK = 1 << 16
_LAST_TURNS = 16
"""Chunks that the largest pipe (1 MiB) can still hold; a survivor that goes on writing is not waited for."""

_LONGEST_TURN_S = 1.0


class AbandonedError(Exception):
    """The harness hung up; whoever catches it ends what still runs."""


def run(
    request: Mapping[str, Any], control: int, started: Callable[[int], None], room: Room
) -> dict[str, Any]:
    """The outcome of the command as plain data.

    `started` is called with its pid. `room` is where it runs; it is closed afterwards, whatever happens.
    Raises AbandonedError when `control` becomes readable meanwhile.
    """
    with room:
        if room.refused:
            return {"refused": room.refused}
        try:
            command = start(request, room.group, room.network, started)
        except (OSError, ValueError) as error:
            return _not_started(error)
        room.started()
        floor = processes.own_peak_bytes() if request["monitor"] else 0
        with _Job(command, request, room) as job:
            answer = job.finish(control)
        return {**answer, "floor_bytes": floor}


def _not_started(error: OSError | ValueError) -> dict[str, Any]:
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return {"start_error": f"{error.strerror}{where}"}
    return {"start_error": str(error)}


class _Job:
    """The running command with its pipes."""

    def __init__(self, command: Command, request: Mapping[str, Any], room: Room) -> None:
        self._command = command
        self._room = room
        self._began = began = command.began
        self._deadline = began / 1e9 + request["timeout_s"]
        self._monitor = Monitor(began / 1e9, room.figures) if request["monitor"] else None
        self._captures = {name: Capture(request["cap"]) for name in ("stdout", "stderr")}
        self._reaper = Reaper(command.pid, group=room.group)
        self._idle = Idle((request.get("confine") or {}).get("idle_s"), began / 1e9)
        self._watch = Watch(began)
        self._end = os.pidfd_open(command.pid)
        self._streams = {
            command.stdout: self._captures["stdout"],
            command.stderr: self._captures["stderr"],
        }
        self._poll = select.poll()
        for stream in self._streams:
            self._poll.register(stream, select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._end)
        if self._monitor:
            self._monitor.close()
        os.close(self._command.stdout)
        os.close(self._command.stderr)

    def finish(self, control: int) -> dict[str, Any]:
        """Waits for the end or a time-out, ends what is left, and says how it went."""
        try:
            ended = self._wait(control)
        finally:
            for end in self._command.theirs:
                os.close(end)
        wall_ns = (ended or time.monotonic_ns()) - self._began
        leftovers = self._linger() if ended else []
        survivors = self._reaper.end_all()
        for _ in range(_LAST_TURNS):
            if not self._streams:
                break
            self._turn(0)
        return {
            "status": self._reaper.status,
            "timed_out": ended is None,
            "idle": self._idle.over,
            "wall_ns": wall_ns,
            "suspended_s": self._watch.suspended_s(),
            "used": self._reaper.answer(),
            "room": self._room.answer(),
            "series": self._monitor.answer() if self._monitor else {},
            "monitor_s": self._monitor.cost_s if self._monitor else 0.0,
            "most_tasks": self._monitor.most_tasks if self._monitor else 0,
            **{name: capture.answer() for name, capture in self._captures.items()},
            "leftovers": leftovers,
            "survivors": survivors,
        }

    def _wait(self, control: int) -> int | None:
        """The moment at which the command ended, in nanoseconds; None at a time-out."""
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._end, select.POLLIN)
        at = None
        while (now := time.monotonic()) < self._deadline and not self._idle.over:
            if self._monitor and now >= self._monitor.due:
                self._read(now)
                now = time.monotonic()
            due = self._monitor.due if self._monitor else now + _LONGEST_TURN_S
            stop = max(now, min(self._deadline, due, now + _LONGEST_TURN_S))
            at, ready = self._turn(stop - now)
            self._watch.look(at, stop - now)
            if control in ready:
                raise AbandonedError
            if self._end in ready:
                break
            at = None
        # The time-out may have passed while this process stood still, before or between two turns.
        self._watch.look(at or time.monotonic_ns(), 0)
        self._poll.unregister(control)
        self._poll.unregister(self._end)
        return at

    def _read(self, now: float) -> None:
        """Takes a reading of the monitor."""
        if self._monitor:
            self._reaper.collect()
            self._monitor.read(now)
            printed = sum(capture.total for capture in self._captures.values())
            self._idle.look(now, self._monitor.active_s, printed)

    def _linger(self) -> list[str]:
        """Names of what still runs when the pipes had time to close and orphans to end."""
        until = time.monotonic() + _GRACE_S
        while (self._reaper.collect() or self._streams) and time.monotonic() < until:
            self._turn(0.005)
        if not self._reaper.collect():
            return []  # every orphan would be a child of this process by now
        inside = self._room.group.members() if self._room.group else []
        named = {pid: processes.name(pid) for pid in {*processes.descendants(os.getpid()), *inside}}
        return [f"{name} ({pid})" for pid, name in sorted(named.items()) if name]

    def _turn(self, wait_s: float) -> tuple[int, set[int]]:
        """Waits for something to happen and reads what was printed: when it happened, and where."""
        ready = {descriptor for descriptor, _ in self._poll.poll(ceil(wait_s * 1000))}
        at = time.monotonic_ns()
        for stream in ready.intersection(self._streams):
            self._take(stream)
        return at, ready

    def _take(self, stream: int) -> None:
        chunk = os.read(stream, _CHUNK)
        if chunk:
            self._streams[stream].add(chunk)
        else:
            self._poll.unregister(stream)
            del self._streams[stream]
