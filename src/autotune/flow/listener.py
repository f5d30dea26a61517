"""What a run tells whoever is watching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from autotune.model.run import Phase, Stage
from autotune.model.trial import Trial
from autotune.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the search is: trials done of planned, the best of them, seconds left.

    `baseline` holds the baseline's median of each objective.
    """

    done: int
    planned: int
    baseline: tuple[float, ...]
    best: Trial | None
    left_s: float | None


class Listener(Protocol):
    """Receives a run's progress; must not slow it down."""

    def begin(self, phase: Phase) -> None:
        """A phase starts."""

    def end(self, phase: Phase, status: str, seconds: float) -> None:
        """A phase is over: how it ended, and the seconds that it took this time."""

    def trial(self, trial: Trial, standing: Standing) -> None:
        """A trial was recorded."""

    def block(self, stage: Stage, done: int, planned: int) -> None:
        """A block of a contest was recorded."""

    def pair(self, done: int, planned: int, verdict: Verdict | None) -> None:
        """A pair of the validation was recorded; the verdict where this was a planned look."""

    def note(self, text: str) -> None:
        """Something that the user should know."""
