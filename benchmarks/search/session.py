"""One search of one system, every measurement counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from autotune.model.space import Config, config_key
from search.searcher import Searcher, System


class Measured(Protocol):
    """What a measurement of something gives."""

    def __call__(self, cost: float, /, *, number: int) -> float | None:
        """Measurement `number` of the search, of what truly costs so much; None where it fails."""


def _truly(cost: float, /, *, number: int) -> float | None:
    del number
    return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a search came to.

    `best` is the true cost of the best measured so far at each of the budgets that were reached, with the
    typical one to begin with; `recommended` the true cost of what is recommended at the end. `ended`: the
    search stopped by itself; `cut`: it was stopped for its time; `seconds` is what its answers took.
    """

    best: dict[int, float]
    recommended: float
    measured: int
    repeated: int
    failed: int
    seconds: float
    ended: bool
    cut: bool


@dataclass(slots=True)
class _Seen:
    """What was measured so far."""

    best: float
    measured: int = 0
    repeated: int = 0
    failed: int = 0
    keys: set[str] = field(default_factory=set)
    leading: tuple[float, Config] | None = None

    def take(self, config: Config, true: float | None, cost: float | None) -> None:
        key = config_key(config)
        self.measured += 1
        self.repeated += key in self.keys
        self.failed += cost is None
        self.keys.add(key)
        if true is not None:
            self.best = min(self.best, true)
        if cost is not None and (self.leading is None or cost < self.leading[0]):
            self.leading = cost, config


def search(
    system: System,
    searcher: Searcher,
    budgets: Sequence[int],
    *,
    measured: Measured = _truly,
    limit_s: float | None = None,
) -> Outcome:
    """Lets `searcher` measure `system` as often as the last of `budgets` says; then closes it.

    `measured` says what a measurement of a true cost gives. A search that ends by itself keeps what it found.
    """
    seen, best, spent_s = _Seen(system.typical), {}, 0.0
    ended = cut = False
    while seen.measured < budgets[-1] and not (ended or cut):
        before = time.perf_counter()
        config = searcher.next()
        ended = config is None
        if config is not None:
            true = system.cost(config)
            cost = None if true is None else measured(true, number=seen.measured)
            seen.take(config, true, cost)
            searcher.tell(config, cost)
        spent_s += time.perf_counter() - before
        cut = limit_s is not None and spent_s > limit_s
        if seen.measured in budgets:
            best[seen.measured] = seen.best
    if ended:
        best |= {budget: seen.best for budget in budgets if budget not in best}
    final = searcher.recommended()
    searcher.close()
    return Outcome(
        best=best,
        recommended=_true(system, final, seen),
        measured=seen.measured,
        repeated=seen.repeated,
        failed=seen.failed,
        seconds=round(spent_s, 3),
        ended=ended,
        cut=cut and seen.measured < budgets[-1],
    )


def _true(system: System, recommended: Config | None, seen: _Seen) -> float:
    """What the recommended configuration truly costs; else the best value seen, else the typical cost."""
    if recommended is None and seen.leading is not None:
        recommended = seen.leading[1]
    true = None if recommended is None else system.cost(recommended)
    return system.typical if true is None else true
