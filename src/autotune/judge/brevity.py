"""Whether a sample is long enough to be more than the start of a process."""

from __future__ import annotations

from math import ceil
from statistics import median

from autotune.model.run import RunRecord
from autotune.model.trial import State

TIMES = 20
"""A sample this many times as long as what its start costs has at most 5 % of its time from there."""

_MOST_CALLS = 1_000_000


def calls_needed(call_s: float, overhead_s: float) -> int:
    """Calls in one process that take 20 times what starting it costs: 1 to a million."""
    if call_s <= 0:
        return _MOST_CALLS
    return max(1, min(_MOST_CALLS, ceil(TIMES * overhead_s / call_s)))


def too_short(record: RunRecord) -> str:
    """A warning where the baseline is shorter than 20 times the start of a process; else empty."""
    floor = record.host.get("spawn_floor_s")
    walls = [s.wall_s for s in record.baseline if s.state is State.OK]
    if not floor or not walls or median(walls) >= TIMES * floor:
        return ""
    return (
        f"a sample takes {1e3 * median(walls):.3g} ms, starting a process alone {1e3 * floor:.3g} ms: much "
        "of what is measured is the start. Let the workload do more work in one sample, or, where it is a "
        "Python function, use driver python with 'calibrate: true'"
    )
