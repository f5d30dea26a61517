"""What is compared: pairs of samples under rules fixed before the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autotune.model.study import Limit
from autotune.model.workload import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sample of each arm, run next to each other; `baseline_first` is the coin that ordered them.

    An arm holds its metrics, or None where the sample failed.
    """

    baseline: Mapping[str, float] | None
    candidate: Mapping[str, float] | None
    baseline_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The objective's metric, how sure to be, and the most pairs to spend.

    `margin` is the smallest change that counts, as a share (0.02 is 2 %); `absolute_margin` the same in the
    metric's unit, used where values are not all positive and changes are differences. `others` are plans of
    further objectives, of which metric, direction and margins count: where they are `tested`, `alpha` is
    shared by all objectives, and none may lose as much as its margin.
    """

    metric: str
    direction: Direction
    margin: float
    alpha: float
    pairs: int
    limits: tuple[Limit, ...] = ()
    absolute_margin: float | None = None
    others: tuple[Plan, ...] = ()
    tested: bool = True
