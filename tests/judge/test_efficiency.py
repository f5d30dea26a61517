from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge import efficiency as e

SHARE = st.floats(0, 1)


def test_weights_of_each_index_make_one() -> None:
    assert [sum(weights.values()) for weights in e.WEIGHTS.values()] == [pytest.approx(1)] * 2


def test_what_is_not_known_leaves_the_other_weights_as_they_are_to_each_other() -> None:
    scores = {"utilisation": 0.5, "balance": 1.0, "switches": 0.8, "thermal": None}
    assert e.weighted(scores, e.WEIGHTS["cpu_efficiency"]) == pytest.approx((0.2 + 0.3 + 0.16) / 0.9)
    assert e.weighted({"utilisation": None}, {"utilisation": 1}) is None
    assert e.weighted({"utilisation": 0.5, "balance": None}, {"balance": 1}) is None


@given(st.dictionaries(st.sampled_from("abcd"), st.none() | SHARE, min_size=1), st.floats(0.1, 10))
def test_an_index_lies_between_its_parts_whatever_the_weights(scores: dict, weight: float) -> None:
    known = [score for score in scores.values() if score is not None]
    value = e.weighted(scores, dict.fromkeys(scores, weight))
    if value is not None:
        assert min(known) - 1e-9 <= value <= max(known) + 1e-9
    assert (value is None) == (not known)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (e.utilisation(1.0, 1.0, 2), 0.5),
        (e.utilisation(2.01, 1.0, 2), 1.0),
        (e.utilisation(1.0, 0.0, 2), None),
        (e.balance([1, 1, 1, 1]), 1.0),
        (e.balance([2, 0]), 0.5),
        (e.balance([0, 0]), None),
        (e.balance([]), None),
        (e.switches(0, 1.0), 1.0),
        (e.switches(2000, 2.0), 0.5),
        (e.switches(5, 0.0), None),
        (e.thermal(0.25, 1.0), 0.75),
        (e.thermal(2.0, 1.0), 0.0),
        (e.allocation([100, 50, 0]), 0.5),
        (e.allocation([]), None),
        (e.fragmentation([4, 0, 1], 2), 0.5),
        (e.fragmentation([0, 0], 1), None),
        (e.cache(3, 1), 0.75),
        (e.cache(0, 0), None),
        (e.collection(0.5, 2.0), 0.75),
    ],
)
def test_each_part_has_the_score_of_its_formula(score: float | None, expected: float | None) -> None:
    assert score == (None if expected is None else pytest.approx(expected))


def test_work_is_a_total_or_a_rate_over_the_wall_time() -> None:
    assert e.work(500, "1/s", 4) == 2000
    assert e.work(500, "", 4) == 500
    assert e.work(600, "frames/min", 4) == 40


def test_memory_over_time_holds_each_reading_until_the_next() -> None:
    assert e.gib_seconds([0.1, 0.2], [e.GIB, 2 * e.GIB], 0.5) == pytest.approx(1 * 0.2 + 2 * 0.3)
    assert e.gib_seconds([], [], 1) is None


def test_cost_adds_cpu_and_memory_at_their_prices() -> None:
    prices = {"cpu_hour": 0.04, "gib_hour": 0.005}
    assert e.cost(3600, 7200, prices) == pytest.approx(0.04 + 0.01)
    assert e.cost(3600, 7200, {"cpu_hour": 0.04}) == pytest.approx(0.04)
