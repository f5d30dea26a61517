"""Notices that nothing happens: a command that is idle, a measurement that stands still."""

from __future__ import annotations

import time

from autotune.sidecar import processes

_QUIET_CPU_S = 0.01
"""One tick of the coarsest clock: a command that uses less has used nothing."""


class Watch:
    """For how long this process was stopped, or the machine slept, since `began` (monotonic nanoseconds)."""

    def __init__(self, began: int) -> None:
        self._seen = began / 1e9
        self._cpu = time.thread_time()
        self._slept = processes.suspended_s()
        self._late_s = 0.0

    def look(self, at: int, waited_s: float) -> None:
        """Takes the moment `at` (nanoseconds) that came after a wait of at most `waited_s`.

        What passed besides, without CPU time of its own, this process did not see.
        """
        now, cpu = at / 1e9, time.thread_time()
        self._late_s = max(self._late_s, now - self._seen - waited_s - (cpu - self._cpu))
        self._seen, self._cpu = now, cpu

    def suspended_s(self) -> float:
        """The longest of these gaps; the monotonic clock stands still while a machine sleeps."""
        return max(self._late_s, processes.suspended_s() - self._slept)


class Idle:
    """Whether the command has neither computed nor printed anything for so many seconds (None: no matter)."""

    def __init__(self, longest_s: float | None, began: float) -> None:
        self._longest_s = longest_s
        self._since = began
        self._cpu_s = 0.0
        self._printed = 0
        self.over = False

    def look(self, now: float, cpu_s: float, printed: int) -> None:
        """Takes the state of things at `now`."""
        if cpu_s - self._cpu_s >= _QUIET_CPU_S or printed != self._printed:
            self._since, self._cpu_s, self._printed = now, cpu_s, printed
        self.over = self._longest_s is not None and now - self._since >= self._longest_s
