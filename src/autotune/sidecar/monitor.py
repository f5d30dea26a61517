"""A series of what a command and its descendants use, ten times a second."""

from __future__ import annotations

import os
import time

from autotune.sidecar import processes
from autotune.sidecar.descriptors import Descriptors
from autotune.sidecar.figures import Figures

_PERIOD_S = 0.1
_PSS_PERIOD_S = 1.0
_FIRST_PSS_S = 0.5
_MOST_ROWS = 4096
_MOST_SHARE = 0.01
"""Of a core: beyond, readings are taken half as often."""
_MOST_PSS_SHARE = 0.03
"""Of a core: the kernel walks all the memory of a process for it, 13 us per MiB where measured."""

COLUMNS = (
    "cpu_s",
    "rss_bytes",
    "read_bytes",
    "written_bytes",
    "processes",
    "pss_bytes",
    "anonymous_bytes",
)


class Monitor:
    """Readings over a control group, or over all processes below this one, at most 4096.

    Beyond, every second one is dropped and the period doubles; so it does where the readings cost more than
    1 % of a core. `due` is when to read next, in seconds of the monotonic clock; `cost_s` are the CPU seconds
    that the readings took, `active_s` those of the command so far; `most_tasks` (processes and threads) were
    seen at once, 0 where no control group counts them.
    """

    def __init__(self, began: float, figures: Figures | None = None) -> None:
        self._began = began
        self._figures = figures
        self._files = Descriptors()
        self._known: list[int] = []
        self._rows: list[tuple[float, ...]] = []
        self._period = _PERIOD_S
        self._pss_due = began + _FIRST_PSS_S
        self._pss = 0
        self._with_pss = False
        self.cost_s = 0.0
        self.active_s = 0.0
        self.most_tasks = 0
        self.due = began + self._period

    def read(self, now: float) -> None:
        """Takes one reading."""
        before = time.thread_time()
        pids = self._pids()
        self._rows.append((now - self._began, *self._row(pids)))
        after = middle = time.thread_time()
        if now >= self._pss_due:
            after = self._read_pss(pids, now, middle)
        self.cost_s += after - before
        if len(self._rows) >= _MOST_ROWS:
            del self._rows[::2]
            self._period *= 2
        elif middle - before > _MOST_SHARE * self._period:
            self._period *= 2
        self.due = now + self._period

    def close(self) -> None:
        """Closes the files that it reads."""
        self._files.close()

    def answer(self) -> dict[str, list[float]]:
        """Lists of equal length: `seconds` since the start, and one for each column that is known here."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * (len(COLUMNS) + 1)
        named = dict(zip(("seconds", *COLUMNS), map(list, columns), strict=True))
        if not self._with_pss:
            del named["pss_bytes"]
        if not self._figures or self._figures.anonymous() is None:
            del named["anonymous_bytes"]
        return named

    def _row(self, pids: list[int]) -> tuple[float, ...]:
        exact = self._figures.cpu() if self._figures else None
        look = processes.usage_but_cpu if exact else processes.usage
        cpu, rss, read, written, seen = 0.0, 0, 0, 0, 0
        for pid in pids:
            if found := look(pid, self._files):
                cpu += found.cpu_s
                rss += found.rss_bytes
                read += found.read_bytes
                written += found.written_bytes
                seen += 1
        self.active_s = sum(exact) if exact else cpu
        anonymous = (self._figures.anonymous() or 0) if self._figures else 0
        self.most_tasks = max(self.most_tasks, (self._figures.processes() or 0) if self._figures else 0)
        return (self.active_s, rss, read, written, seen, self._pss, anonymous)

    def _pids(self) -> list[int]:
        pids = self._figures.pids() if self._figures else None
        if pids is None:
            pids = processes.descendants(os.getpid(), self._files)
        if pids != self._known:
            for gone in set(self._known).difference(pids):
                processes.forget(gone, self._files)
            self._known = pids
        return pids

    def _read_pss(self, pids: list[int], now: float, before: float) -> float:
        """Reads it, and gives the thread's CPU time afterwards."""
        self._pss = sum(map(processes.pss, pids))
        self._with_pss = True
        after = time.thread_time()
        self._pss_due = now + max(_PSS_PERIOD_S, (after - before) / _MOST_PSS_SHARE)
        return after
