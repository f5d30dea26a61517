"""How much to spend on a study whose runs take so long."""

from __future__ import annotations

import math
from dataclasses import dataclass

_WALL_S = 300
_BESIDE_S = 0.15
"""Starting and looking after a sample."""

_LEAST_SAMPLES = 45
"""Baseline, a few trials, a choice among the best, and ten pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Trials, pairs, candidates, minutes of the whole, and seconds after which a run is ended."""

    trials: int
    pairs: int
    candidates: int
    wall_min: int
    timeout_s: int


def spending(seconds: float) -> Spending:
    """What fits into five minutes with runs of `seconds`; of long ones the least number takes longer."""
    each = seconds + _BESIDE_S
    wall_s = max(_WALL_S, _LEAST_SAMPLES * each)
    room = wall_s / each
    return Spending(
        trials=min(max(int(0.25 * room), 8), 40),
        pairs=min(max(int(0.2 * room), 10), 40),
        candidates=3 if room > 150 else 2 if room > 80 else 1,
        wall_min=math.ceil(wall_s / 60),
        timeout_s=max(20, 10 * math.ceil(seconds)),
    )
