"""The time that a run may still spend, counted in samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`spent_s` tells the seconds that the run has cost; `wall_s` bounds them; a sample takes `sample_s`."""

    spent_s: Callable[[], float]
    wall_s: float | None
    sample_s: float

    def samples(self) -> float:
        """How many more samples the time allows; infinite where it has no bound."""
        if self.wall_s is None:
            return inf
        return max(0.0, self.wall_s - self.spent_s()) / max(self.sample_s, 1e-9)

    def out(self, reserved: float = 0.0) -> bool:
        """Whether no time is left beside that of `reserved` samples."""
        return self.wall_s is not None and self.samples() <= reserved

    def blocks(self, entrants: int, *, most: int, least: int, reserved: float) -> int:
        """How many blocks of so many entrants the time allows beside `reserved` samples; 0 below `least`."""
        allowed = min(float(most), (self.samples() - reserved) // entrants)
        return int(allowed) if allowed >= least else 0
