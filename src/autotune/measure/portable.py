"""A series of what a process tree uses, by psutil: for systems that have no /proc."""

from __future__ import annotations

import threading
import time
from typing import Self

import psutil

_PERIOD_S = 0.1
_MOST_SHARE = 0.01
"""Of a core: beyond, the next reading waits longer. Looking for children reads every process there is."""

_COLUMNS = ("seconds", "cpu_s", "rss_bytes", "processes")


class Portable:
    """Readings of `pid` with its descendants while the context lasts; `cost_s` is the CPU time they took."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = time.monotonic()
        self._rows: list[tuple[float, ...]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.cost_s = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def columns(self) -> dict[str, list[float]]:
        """Lists of equal length: `seconds` since the start, CPU seconds, resident bytes, processes."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(_COLUMNS)
        return dict(zip(_COLUMNS, map(list, columns), strict=True))

    def _watch(self) -> None:
        try:
            root = psutil.Process(self._pid)
            period = _PERIOD_S
            while not self._over.wait(period):
                before = time.thread_time()
                self._read(root)
                cost = time.thread_time() - before
                self.cost_s += cost
                period = max(_PERIOD_S, cost / _MOST_SHARE)
        except psutil.Error:
            return

    def _read(self, root: psutil.Process) -> None:
        cpu, rss, count = 0.0, 0, 0
        for process in (root, *root.children(recursive=True)):
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    cpu += times.user + times.system + times.children_user + times.children_system
                    rss += process.memory_info().rss
                    count += 1
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        self._rows.append((time.monotonic() - self._began, cpu, rss, count))
