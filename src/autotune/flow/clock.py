"""The time that a run may still spend, counted in samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from statistics import median

from autotune.model.run import RunRecord
from autotune.model.study import Study

_REPORT_S = 4.0
"""What start and report take on a small machine, beside all measuring."""

_REPORT_SHARE = 0.2
"""Of a wall time so short that the report would eat it up."""


def measuring_s(study: Study) -> float | None:
    """Seconds of the run's time, by wall or by cost, that are there to measure in; None without a bound."""
    wall_s = study.budget.bound_s
    return None if wall_s is None else wall_s - min(_REPORT_S, _REPORT_SHARE * wall_s)


def sample_s(record: RunRecord) -> float:
    """What a sample of the validation will take: as the baseline's, or the search's if longer.

    The baseline's come one after the other, so that no service has to restart in between; later ones do not.
    """
    searched = [s.total_s for t in record.trials for s in t.samples]
    return max(median(s.total_s for s in record.baseline), median(searched) if searched else 0.0)


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
