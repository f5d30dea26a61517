from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import quantile_test

from autotune.judge.median import median_interval


def test_interval_is_that_of_the_sign_test() -> None:
    sample = np.random.default_rng(5).exponential(size=30)
    found = median_interval(sample, 0.05)
    expected = quantile_test(sample, q=0, p=0.5).confidence_interval(0.95)
    assert found is not None
    assert (found.low, found.high) == (expected.low, expected.high)


def test_ten_values_at_a_level_of_two_in_1024_give_their_range() -> None:
    found = median_interval(np.arange(10.0), 0.00196)
    assert found is not None
    assert (found.low, found.estimate, found.high) == (0.0, 4.5, 9.0)


def test_too_few_values_have_no_interval() -> None:
    assert median_interval(np.arange(5.0), 0.05) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=60).map(np.array))
def test_interval_contains_the_median(sample: np.ndarray) -> None:
    found = median_interval(sample, 0.05)
    assert found is not None
    assert found.low <= found.estimate <= found.high


@pytest.mark.parametrize("value", [0.0, -3.5])
def test_constant_values_have_no_width(value: float) -> None:
    found = median_interval(np.full(8, value), 0.05)
    assert found is not None
    assert found.low == found.high == value
