"""How much memory a sample needed, by each way of counting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autotune.measure.detached import CHILDREN_MISSING, detached
from autotune.measure.outcome import Outcome
from autotune.model.trial import Quality, Resource

_ANONYMOUS = "memory.stat of the control group at 10 Hz: anonymous and shared, no page cache"
_PSS = "smaps_rollup once a second: shared pages divided among their users"
_RSS = "sum of resident memory at 10 Hz: shared pages once for each user"
_LARGEST = "wait4, the largest process"
_FLOOR = "the launcher's own peak: at most this"
_LARGEST_WAITED = f"{_LARGEST}: at least this, {CHILDREN_MISSING}"
_FLOOR_WAITED = f"the launcher's own peak, which no process exceeded, but {CHILDREN_MISSING}"


def memory(outcome: Outcome) -> Iterator[Resource]:
    """The peak of the whole tree, then four ways of counting it, which answer differently."""
    yield _peak(outcome)
    yield _sampled("peak_anonymous_bytes", outcome, "anonymous_bytes", _ANONYMOUS)
    yield _sampled("peak_pss_bytes", outcome, "pss_bytes", _PSS)
    yield _largest(outcome)
    peak, source = outcome.room.group_peak_bytes, "control group, incl. page cache"
    if peak is None:
        yield _bytes("peak_group_bytes", None, f"cannot be read here: {source}", "unavailable")
    else:
        yield _bytes("peak_group_bytes", peak, source, "exact")


def _peak(outcome: Outcome) -> Resource:
    """The larger of the largest process by wait4 and the tree by sampling.

    Of the sampled figures the one that counts shared pages once is taken: the group's anonymous memory, else
    PSS, else the sum of resident memory. wait4 starts at the launcher's own peak, so it says nothing below
    that (quality `floor`: at most this). It is exact where no more than one process was seen at a time.
    """
    largest = replace(_largest(outcome), name="peak_memory_bytes")
    sampled, source = _tree(outcome)
    known = outcome.used.peak_bytes > outcome.used.floor_bytes
    if sampled > (outcome.used.peak_bytes if known else 0):
        return _bytes("peak_memory_bytes", sampled, source, "sampled")
    single = max(outcome.series.columns.get("processes", ()), default=0.0) == 1
    return largest if single or largest.quality == "floor" else replace(largest, quality="sampled")


def _tree(outcome: Outcome) -> tuple[float, str]:
    """The most that the tree was seen to hold, and where it was seen; 0 where it was never looked at."""
    columns = outcome.series.columns
    for name, source in (("anonymous_bytes", _ANONYMOUS), ("pss_bytes", _PSS), ("rss_bytes", _RSS)):
        if seen := max(columns.get(name, ()), default=0.0):
            return seen, source
    return 0.0, ""


def _sampled(name: str, outcome: Outcome, column: str, source: str) -> Resource:
    seen = max(outcome.series.columns.get(column, ()), default=0.0)
    if not seen:
        return _bytes(name, None, f"not read here: {source}", "unavailable")
    return _bytes(name, seen, source, "sampled")


def _largest(outcome: Outcome) -> Resource:
    """The largest process that was waited for: where a child was not, no bound from above."""
    largest, floor = outcome.used.peak_bytes, outcome.used.floor_bytes
    lost = bool(detached(outcome))
    if largest > floor:
        quality: Quality = "floor" if lost else "exact"
        return _bytes("peak_process_bytes", largest, _LARGEST_WAITED if lost else _LARGEST, quality)
    return _bytes("peak_process_bytes", floor, _FLOOR_WAITED if lost else _FLOOR, "floor")


def _bytes(name: str, value: float | None, source: str, quality: Quality) -> Resource:
    return Resource(name=name, value=value, unit="B", source=source, quality=quality)
