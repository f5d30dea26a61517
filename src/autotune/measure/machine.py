"""Counters of the whole machine around a sample: CPUs, heat, free memory."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_LEAST_TICKS = 20
"""Below, the kernel's counters in ticks of 10 ms say nothing of a CPU."""

_IDLE = (3, 4)  # of a line of /proc/stat, after its name: idle, and waiting for storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`busy_ticks` and `throttled_ms` by CPU, `free_blocks` by order; what the machine lacks is empty."""

    ticks: int = 0
    busy_ticks: tuple[int, ...] = ()
    throttled_ms: tuple[int, ...] = ()
    free_blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The machine before and after a sample."""

    before: Reading
    after: Reading

    def busy_s(self) -> tuple[float, ...] | None:
        """Seconds for which each CPU was busy, with whatever; None for a sample too short to say."""
        if self.after.ticks - self.before.ticks < _LEAST_TICKS:
            return None
        tick = os.sysconf("SC_CLK_TCK")
        pairs = zip(self.after.busy_ticks, self.before.busy_ticks, strict=False)
        return tuple((after - before) / tick for after, before in pairs)

    def throttled_s(self) -> float | None:
        """Seconds for which heat held a CPU back, the mean over CPUs; None where nothing tells."""
        pairs = list(zip(self.after.throttled_ms, self.before.throttled_ms, strict=False))
        return sum(after - before for after, before in pairs) / len(pairs) / 1000 if pairs else None


def read(cpus: Collection[int] = (), *, root: Path = Path("/")) -> Reading:
    """The counters now, of `cpus` (none named: those this process may run on); `root` holds proc and sys."""
    wanted = sorted(set(cpus) or os.sched_getaffinity(0))
    lines = {line.split(" ", 1)[0]: line.split()[1:] for line in _text(root / "proc/stat").splitlines()}
    rows = [list(map(int, lines[f"cpu{n}"])) for n in wanted if f"cpu{n}" in lines]
    return Reading(
        ticks=min((sum(row[:8]) for row in rows), default=0),  # beyond are guests, counted before already
        busy_ticks=tuple(sum(row[:8]) - sum(row[i] for i in _IDLE) for row in rows),
        throttled_ms=_throttled(wanted, root / "sys/devices/system/cpu"),
        free_blocks=_free(_text(root / "proc/buddyinfo")),
    )


def _throttled(cpus: Collection[int], folder: Path) -> tuple[int, ...]:
    """Milliseconds by CPU, where every one of them tells."""
    name = "thermal_throttle/core_throttle_total_time_ms"
    found = [_text(folder / f"cpu{n}" / name).strip() for n in cpus]
    return tuple(map(int, found)) if all(text.isdigit() for text in found) else ()


def _free(text: str) -> tuple[int, ...]:
    """Free blocks of each order, over all zones."""
    rows = [list(map(int, line.split()[4:])) for line in text.splitlines()]
    return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
