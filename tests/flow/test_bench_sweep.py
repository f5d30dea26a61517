from __future__ import annotations

from collections.abc import Sequence

import pytest

from autotune.flow.bench_sweep import Point, judged, so_far, sweep
from autotune.model.study import Limit
from autotune.model.trial import Sample, State
from autotune.model.verdict import Held

LIMIT = Limit(text="p95 <= 20", metric="p95", operator="<=", bound=20.0, kind="absolute")


def samples(*values: float, failures: int = 0) -> list[Sample]:
    good = [Sample(state=State.OK, metrics={"p95": v}) for v in values]
    return good + [Sample(state=State.TIMEOUT)] * failures


def around(middle: float, width: float = 0.1) -> list[Sample]:
    return samples(*(middle + width * n for n in (-3, -2, -1, 1, 2, 3)))


@pytest.mark.parametrize("capacity", [1, 2, 3, 31, 44, 49])
def test_the_highest_whole_load_below_fifty_is_found_exactly(capacity: int) -> None:
    def measure(load: float) -> Sequence[Sample]:
        return around(10 if load <= capacity else 30)

    found = sweep(measure, [LIMIT], low=1, high=256, tell=lambda _: None)
    assert found.highest is not None
    assert found.edge is not None
    assert (found.highest.load, found.edge.load) == (capacity, capacity + 1)
    assert found.edge.held is Held.BROKEN


def test_larger_loads_are_found_to_two_percent_with_few_points() -> None:
    points: list[Point] = []
    found = sweep(
        lambda load: around(10 if load <= 3777 else 30), [LIMIT], low=1, high=10_000, tell=points.append
    )
    assert found.highest is not None
    assert 3777 * 0.98 <= found.highest.load <= 3777
    assert len(points) < 20
    assert [p.load for p in found.points] == sorted(p.load for p in points)


def test_range_that_meets_the_limit_to_its_end_has_no_edge() -> None:
    found = sweep(lambda _: around(10), [LIMIT], low=3, high=20, tell=lambda _: None)
    assert [p.load for p in found.points] == [3, 6, 12, 20]
    assert found.highest is not None
    assert (found.highest.load, found.edge) == (20, None)


@pytest.mark.parametrize(("middle", "held"), [(30, Held.BROKEN), (20, Held.UNSURE)])
def test_lowest_load_that_does_not_meet_the_limit_ends_the_sweep(middle: float, held: Held) -> None:
    found = sweep(lambda _: around(middle), [LIMIT], low=1, high=8, tell=lambda _: None)
    assert found.highest is None
    assert found.edge is not None
    assert (found.edge.held, len(found.points)) == (held, 1)


def test_noise_that_straddles_the_limit_is_undecided_and_not_met() -> None:
    found = sweep(lambda load: around(10 + load, width=1), [LIMIT], low=1, high=16, tell=lambda _: None)
    assert found.highest is not None
    assert found.edge is not None
    assert (found.highest.load, found.edge.load, found.edge.held) == (7, 8, Held.UNSURE)


def test_fractions_are_swept_where_the_ends_are_no_whole_numbers() -> None:
    found = sweep(lambda x: around(10 if x < 0.9 else 30), [LIMIT], low=0.25, high=4, tell=lambda _: None)
    assert found.highest is not None
    assert 0.88 <= found.highest.load < 0.9


@pytest.mark.parametrize(
    ("taken", "held"),
    [
        (around(19), Held.HELD),
        (around(20), Held.UNSURE),
        (around(21), Held.BROKEN),
        (samples(*[20.0] * 6), Held.HELD),
        (samples(1, 1, 1, 1, 1), Held.UNSURE),
        (samples(*[1.0] * 6, failures=1), Held.BROKEN),
        (samples(failures=6), Held.BROKEN),
    ],
)
def test_a_load_meets_a_limit_only_with_its_whole_interval(taken: list[Sample], held: Held) -> None:
    assert judged(4, taken, [LIMIT]).held is held


def test_every_limit_has_to_be_met() -> None:
    rate = Limit(text="tps >= 5", metric="tps", operator=">=", bound=5.0, kind="absolute")
    taken = [Sample(state=State.OK, metrics={"p95": 10.0, "tps": t}) for t in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5)]
    assert judged(1, taken, [LIMIT, rate]).held is Held.BROKEN
    assert set(judged(1, taken, [LIMIT, rate]).seen) == {"p95", "tps"}


def test_points_of_a_stopped_sweep_tell_the_highest_load_so_far() -> None:
    held = [Point(load=load, held=Held.HELD) for load in (1, 2, 4, 6)]
    missed, unsure = Point(load=8, held=Held.BROKEN), Point(load=5, held=Held.UNSURE)
    found = [so_far(points) for points in ([], [missed], held[:2], [*held[:3], missed, held[3]])]
    assert [one.highest for one in found] == [None, None, held[1], held[3]]
    assert [one.edge for one in found] == [None, missed, None, missed]
    assert (so_far([*held, missed, unsure]).highest, so_far([*held, unsure]).edge) == (held[2], unsure)
