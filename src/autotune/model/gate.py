"""The gate's answer about one metric, with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autotune.model.verdict import Effect
from autotune.model.workload import Direction


class Answer(StrEnum):
    """The three answers of a gate."""

    PASS = "pass"  # noqa: S105  an answer
    FAIL = "fail"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """What the pairs say about one metric of the head against the base.

    `limit` is the loss from which the gate fails, on the scale of the `effect`, whose positive is better.
    `effect` is that of the round that decides, over `pairs`; `smallest` is the smallest change that so many
    would have shown with 80 % power; `more_pairs` estimates how many more would settle it. `failed` counts
    the rounds on fresh pairs that failed one after the other, of `rounds` that it takes. `reason` says what
    the figures do not.
    """

    metric: str
    direction: Direction
    unit: str
    answer: Answer
    limit: float
    effect: Effect | None
    pairs: int
    planned_pairs: int
    smallest: float | None
    more_pairs: int | None
    failures_base: int
    failures_head: int
    failed: int = 0
    rounds: int = 1
    reason: str = ""
    warnings: tuple[str, ...] = ()
