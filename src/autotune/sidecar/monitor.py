"""A series of what a process tree uses, ten times a second."""

from __future__ import annotations

import os

from autotune.sidecar import processes

_PERIOD_S = 0.1
_MOST_ROWS = 4096

COLUMNS = ("cpu_s", "rss_bytes", "read_bytes", "written_bytes", "processes")


class Monitor:
    """Readings over all processes below this one, at most 4096: beyond, every second one is dropped.

    `due` is when to read next, in seconds of the monotonic clock.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._period = _PERIOD_S
        self._rows: list[tuple[float, ...]] = []
        self.due = began + self._period

    def read(self, now: float) -> None:
        """Takes one reading."""
        found = [processes.usage(pid) for pid in processes.descendants(os.getpid())]
        living = [usage for usage in found if usage]
        sums = (sum(column) for column in zip(*living, strict=True)) if living else (0.0,) * 4
        self._rows.append((now - self._began, *sums, len(living)))
        if len(self._rows) >= _MOST_ROWS:
            del self._rows[::2]
            self._period *= 2
        self.due = now + self._period

    def answer(self) -> dict[str, list[float]]:
        """Lists of equal length: `seconds` since the start, and one per column."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * (len(COLUMNS) + 1)
        return {name: list(column) for name, column in zip(("seconds", *COLUMNS), columns, strict=True)}
