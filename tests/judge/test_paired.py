from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge.paired import column, differences

NAN = float("nan")
positive = st.floats(1e-3, 1e6)


def test_column_takes_failed_missing_and_infinite_samples_as_failed() -> None:
    found = column([{"a": 1.0}, None, {"b": 2.0}, {"a": float("inf")}], "a")
    assert found.tolist() == pytest.approx([1.0, NAN, NAN, NAN], nan_ok=True)


def test_positive_is_better_both_ways() -> None:
    one, other = np.array([100.0]), np.array([120.0])
    more = differences(one, other, direction="maximize")
    less = differences(other, one, direction="minimize")
    assert more.values[0] == less.values[0] == pytest.approx(log(1.2))


def test_change_is_the_ratio_to_the_baseline() -> None:
    more = differences(np.array([100.0]), np.array([120.0]), direction="maximize")
    less = differences(np.array([100.0]), np.array([80.0]), direction="minimize")
    assert more.change(more.values[0]) == pytest.approx(0.2)
    assert less.change(less.values[0]) == pytest.approx(0.2)


@pytest.mark.parametrize("low", [0.0, -4.0])
def test_values_of_zero_or_less_are_compared_by_difference(low: float) -> None:
    found = differences(np.array([low, 5.0]), np.array([3.0, 6.0]), direction="minimize")
    assert not found.relative
    assert found.values.tolist() == pytest.approx([low - 3.0, -1.0])
    assert found.change(-1.0) == -1.0


def test_failures_lie_beyond_everything_measured() -> None:
    baseline = np.array([10.0, NAN, 10.0, NAN])
    candidate = np.array([30.0, 10.0, NAN, NAN])
    found = differences(baseline, candidate, direction="maximize", reach=3.0)
    assert found.values[1] == -found.values[2] > 2 * 3.0 + abs(found.values[0])
    assert found.values[3] == 0.0
    assert found.informative.tolist() == found.values[:3].tolist()


def test_all_failed_is_all_zero() -> None:
    found = differences(np.full(3, NAN), np.full(3, NAN), direction="maximize")
    assert found.values.tolist() == [0.0, 0.0, 0.0]
    assert found.informative.tolist() == []


def test_equal_steps_are_ties_whatever_the_rounding() -> None:
    found = differences(np.array([0.1, 0.3]), np.array([0.2, 0.6]), direction="maximize")
    assert found.values[0] == found.values[1]


def test_huge_ratios_have_a_finite_change() -> None:
    found = differences(np.array([1e-300, NAN]), np.array([1e300, 1.0]), direction="maximize")
    assert np.isfinite([found.change(value) for value in found.values]).all()


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=20))
def test_swapping_the_arms_turns_every_sign(pairs: list[tuple[float, float]]) -> None:
    one, other = np.array(pairs).T
    there = differences(one, other, direction="maximize")
    back = differences(other, one, direction="maximize")
    assert (there.values == -back.values).all()
