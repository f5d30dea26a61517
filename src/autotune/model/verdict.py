"""The answer to "is it really better?", with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """The four answers."""

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


class Held(StrEnum):
    """The three answers about a limit."""

    HELD = "held"
    BROKEN = "broken"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Candidate against baseline as a change, positive is better, with its interval.

    Relative: 0.18 is 18 % more (or, where less is better, 18 % less). Absolute, where values are not all
    positive: in the metric's unit. `level` is the interval's confidence at this look.
    """

    estimate: float
    low: float
    high: float
    level: float
    relative: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitVerdict:
    """Whether the candidate keeps one limit: the bound, what was seen, and its one-sided bound."""

    text: str
    held: Held
    seen: float
    worst: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveVerdict:
    """What the pairs say of one of several objectives; `result` is None where it is not tested by itself.

    `effect` rests on the first `pairs` of them. `margin` is on the effect's scale.
    """

    metric: str
    result: Result | None
    effect: Effect | None
    margin: float
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One planned look at the pairs: how many, the two-sided level spent there, what came out."""

    pairs: int
    alpha: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one confirmation.

    `result` is the objective's answer, except that a broken limit makes it worse and an unsure one turns
    better into undecided; `proven` is better with every limit held. `smallest` is the smallest effect
    that so many pairs would have shown with 80 % power; `more_pairs` estimates how many more would decide
    (None: decided, or no number helps). `order_effect` is the A-first pairs' estimate less the B-first ones'.
    Of several objectives `objectives` holds every one; `metric` and the figures are of the one that decides,
    and that none of them loses as much as its margin is among the `limits`.
    """

    metric: str
    result: Result
    effect: Effect | None
    pairs: int
    planned_pairs: int
    margin: float
    alpha: float
    looks: tuple[Look, ...]
    limits: tuple[LimitVerdict, ...]
    smallest: float | None
    more_pairs: int | None
    failures_baseline: int
    failures_candidate: int
    order_effect: float | None
    warnings: tuple[str, ...]
    explanation: str
    finished: bool
    objectives: tuple[ObjectiveVerdict, ...] = ()

    @property
    def lacks_margin(self) -> bool:
        """Whether an objective has no margin: its values may ask for one in their unit."""
        return self.margin == 0 or any(x.margin == 0 for x in self.objectives if x.result is not None)

    @property
    def proven(self) -> bool:
        """Better, and every limit held: what a profile needs."""
        return self.result is Result.BETTER and all(x.held is Held.HELD for x in self.limits)
