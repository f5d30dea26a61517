"""The highest load under which a workload meets its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autotune.judge.spread import Spread, spread
from autotune.model.study import Limit
from autotune.model.trial import Sample, State
from autotune.model.verdict import Held

LEAST_RUNS = 6
"""Samples at each load: fewer give no 95 % interval of a median."""

_FINE_ENOUGH = 0.02
"""The answer is as fine as this share of itself; whole numbers up to 50 are found exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One load: whether it meets the limits, each limited metric over its good samples, how many failed."""

    load: float
    held: Held
    seen: Mapping[str, Spread] = field(default_factory=dict)
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The points in rising order of their load.

    `highest` meets the limits, and so does every measured load below it; None where not even the lowest does.
    `edge` is the lowest load above it that does not, or is undecided; None where the range ended first.
    """

    points: tuple[Point, ...]
    highest: Point | None
    edge: Point | None


def sweep(
    measure: Callable[[float], Sequence[Sample]],
    limits: Sequence[Limit],
    *,
    low: float,
    high: float,
    tell: Callable[[Point], None],
) -> Sweep:
    """Doubles the load from `low` to `high` until it does not meet the `limits`, then halves the gap.

    `measure` gives at least 6 samples at a load. A limit is met at a load where the whole 95 % interval of
    the metric's median keeps it, missed where none of it does, undecided where the noise straddles it; a
    failed sample misses. Takes for granted that a higher load never meets a limit that a lower one misses.
    """
    points: list[Point] = []
    whole = float(low).is_integer() and float(high).is_integer()

    def held(load: float) -> bool:
        point = judged(load, measure(load), limits)
        points.append(point)
        tell(point)
        return point.held is Held.HELD

    best: float | None = None
    edge: float | None = None
    for load in _doubled(low, high):
        if not held(load):
            edge = load
            break
        best = load
    while best is not None and edge is not None:
        middle = _between(best, edge, whole=whole)
        if middle is None:
            break
        if held(middle):
            best = middle
        else:
            edge = middle
    return _answer(points, best, edge)


def so_far(points: Sequence[Point]) -> Sweep:
    """What the points of a sweep that was stopped say."""
    edge = min((p.load for p in points if p.held is not Held.HELD), default=None)
    held = [p.load for p in points if p.held is Held.HELD and (edge is None or p.load < edge)]
    return _answer(points, max(held, default=None), edge)


def _answer(points: Sequence[Point], best: float | None, edge: float | None) -> Sweep:
    """The points in the order of their loads; those at the loads `best` and `edge`."""
    by_load = {point.load: point for point in sorted(points, key=lambda point: point.load)}
    return Sweep(
        points=tuple(by_load.values()),
        highest=None if best is None else by_load[best],
        edge=None if edge is None else by_load[edge],
    )


def judged(load: float, samples: Sequence[Sample], limits: Sequence[Limit]) -> Point:
    """Whether the samples at one load meet every limit; each has an absolute bound."""
    good = [sample for sample in samples if sample.state is State.OK]
    failures = len(samples) - len(good)
    seen = {limit.metric: spread([s.metrics[limit.metric] for s in good]) for limit in limits if good}
    answers = [_held(limit, seen[limit.metric]) for limit in limits if good]
    if failures or Held.BROKEN in answers:
        held = Held.BROKEN
    else:
        held = Held.UNSURE if Held.UNSURE in answers else Held.HELD
    return Point(load=load, held=held, seen=seen, failures=failures)


def _held(limit: Limit, seen: Spread) -> Held:
    sign = 1.0 if limit.operator == "<=" else -1.0
    slack = sorted((sign * (limit.bound - seen.low), sign * (limit.bound - seen.high)))
    if seen.kind == "range":
        return Held.UNSURE
    if slack[0] >= 0:
        return Held.HELD
    return Held.BROKEN if slack[1] < 0 else Held.UNSURE


def _doubled(low: float, high: float) -> Iterator[float]:
    load = low
    while load < high:
        yield load
        load *= 2
    yield high


def _between(best: float, edge: float, *, whole: bool) -> float | None:
    """The load in the middle; None where the gap is fine enough."""
    if edge - best <= max(1.0 if whole else 0.0, _FINE_ENOUGH * best):
        return None
    middle = (best + edge) / 2
    return float(int(middle)) if whole else middle
