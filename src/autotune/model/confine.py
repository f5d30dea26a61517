"""Bounds of what runs for a sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Confine:
    """Bounds of the measured command with all its descendants; None, empty and 0: none.

    `idle_s` is the longest time without CPU use and output; `file_size_bytes` bounds each single file.
    """

    memory_bytes: int | None = None
    pids: int | None = None
    idle_s: float | None = None
    file_size_bytes: int | None = None
    cpus: tuple[int, ...] = ()
    nice: int = 0
