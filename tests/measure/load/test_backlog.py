from __future__ import annotations

import random
from math import inf

import pytest

from autotune.measure.load.backlog import Due, grew


def arrivals(rate_per_s: float, length_s: float, seed: int) -> list[float]:
    draw, at, found = random.Random(seed), 0.0, []
    while (at := at + draw.expovariate(rate_per_s)) < length_s:
        found.append(at)
    return found


def served_in_turn(times: list[float], service_s: float) -> list[Due]:
    free, found = 0.0, []
    for at in times:
        free = max(free, at) + service_s
        found.append(Due(at, free))
    return found


@pytest.mark.parametrize("warmup_s", [0.0, 0.5])
@pytest.mark.parametrize("service_s", [0.001, 0.05, 0.5])
def test_requests_under_way_at_the_end_are_no_growth(warmup_s: float, service_s: float) -> None:
    for seed in range(20):
        due = [Due(at, at + service_s) for at in arrivals(100, warmup_s + 4, seed)]
        assert not grew(due, warmup_s, warmup_s + 4)


def test_a_queue_that_empties_again_and_again_does_not_grow() -> None:
    for seed in range(20):
        assert not grew(served_in_turn(arrivals(100, 4.5, seed), 0.005), 0.5, 4.5)


@pytest.mark.parametrize("warmup_s", [0.0, 1.0])
@pytest.mark.parametrize("service_s", [0.012, 0.05])
def test_a_queue_that_takes_longer_than_requests_come_grows(warmup_s: float, service_s: float) -> None:
    for seed in range(20):
        assert grew(served_in_turn(arrivals(100, warmup_s + 8, seed), service_s), warmup_s, warmup_s + 8)


@pytest.mark.parametrize("warmup_s", [0.0, 0.5])
def test_a_short_load_far_beyond_the_service_grows(warmup_s: float) -> None:
    for seed in range(20):
        assert grew(served_in_turn(arrivals(100, warmup_s + 1.5, seed), 0.05), warmup_s, warmup_s + 1.5)


def test_requests_that_are_never_answered_pile_up() -> None:
    assert grew([Due(n / 100, inf) for n in range(200)], 0, 2)
    assert not grew([Due(n / 100, n / 100 if n % 200 else inf) for n in range(200)], 0, 2)


def test_a_stall_that_was_worked_off_is_no_growth() -> None:
    assert not grew([Due(n / 100, max(n / 100 + 0.01, 1.0)) for n in range(200)], 0, 2)


def test_nothing_at_all_does_not_grow() -> None:
    assert not grew([], 0, 1)
