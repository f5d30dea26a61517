"""Which disturbed pairs of a confirmation are run again."""

from __future__ import annotations

from autotune.judge.disturbance import disturbance
from autotune.judge.looks import looks
from autotune.model.run import Confirmation
from autotune.model.trial import State

MOST = 5
"""At most one pair in so many: a machine that is never quiet is measured as it is."""


def reruns(confirmation: Confirmation, measured: int) -> tuple[int, ...]:
    """Numbers of the pairs to run again before the look at `measured` pairs, ascending.

    Only pairs since the look before it are chosen from, so that what an earlier look rested on stands; those
    that were disturbed most come first. The choice rests on the first runs alone: it is the same however
    often the run is stopped, and knows nothing of the metrics.
    """
    return tuple(sorted(_chosen(confirmation, measured)))


def _chosen(confirmation: Confirmation, measured: int) -> list[int]:
    spent, begin = 0, 0
    for end in looks(confirmation.pairs):
        found = sorted(_disturbed(confirmation, begin, end), key=lambda at: (-at[1], at[0]))
        chosen = [pair for pair, _ in found[: end // MOST - spent]]
        if end >= measured:
            return chosen if end == measured else []
        spent, begin = spent + len(chosen), end
    return []


def _disturbed(confirmation: Confirmation, begin: int, end: int) -> list[tuple[int, float]]:
    """Pairs from `begin` up to `end` whose first run was disturbed in either arm, with how much.

    Not one in which a sample failed: a failure is an answer, which no second run may take away.
    """
    first = [s for s in confirmation.samples if s.take == 0 and begin <= s.pair < end]
    failed = {s.pair for s in first if s.sample.state is not State.OK}
    found: dict[int, float] = {}
    for paired in first:
        if paired.pair not in failed and (seen := disturbance(paired.sample)):
            found[paired.pair] = max(seen.size, found.get(paired.pair, 0.0))
    return list(found.items())
