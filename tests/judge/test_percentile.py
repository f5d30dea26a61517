from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from autotune.judge.percentile import interval_ranks, needed, rank


@pytest.mark.parametrize(
    ("percent", "count"), [(50, 20), (90, 100), (95, 200), (99, 1000), (99.9, 10_000), (5, 200)]
)
def test_ten_values_have_to_lie_beyond_a_percentile(percent: float, count: int) -> None:
    assert needed(percent) == count


@pytest.mark.parametrize(
    ("count", "percent", "place"), [(1000, 99, 990), (20, 50, 10), (3, 50, 2), (1, 1, 1)]
)
def test_a_percentile_is_the_value_at_the_nearest_rank(count: int, percent: float, place: int) -> None:
    assert rank(count, percent) == place


def test_no_interval_is_given_where_the_values_are_too_few_for_it() -> None:
    assert interval_ranks(5, 50) is None
    assert interval_ranks(6, 50) == (1, 6)
    assert interval_ranks(100, 99) is None


@given(st.integers(1, 5000), st.floats(0.5, 99.5))
def test_ranks_are_the_closest_ones_that_each_tail_allows(count: int, percent: float) -> None:
    ranks = interval_ranks(count, percent)
    if ranks is None:
        return
    low, high = ranks
    below, above = binom.cdf(low - 1, count, percent / 100), binom.sf(high - 1, count, percent / 100)
    assert max(below, above) <= 0.025 + 1e-12
    assert binom.cdf(low, count, percent / 100) > 0.025 - 1e-12
    assert binom.sf(high - 2, count, percent / 100) > 0.025 - 1e-12


@pytest.mark.parametrize("percent", [50, 95, 99])
def test_the_interval_covers_the_true_percentile_as_often_as_it_says(percent: float) -> None:
    random = np.random.default_rng(20)
    runs, count = 2000, needed(percent)
    ranks = interval_ranks(count, percent)
    assert ranks is not None
    values = np.sort(random.exponential(size=(runs, count)), axis=1)
    true = -np.log(1 - percent / 100)
    covered = np.mean((values[:, ranks[0] - 1] <= true) & (true <= values[:, ranks[1] - 1]))
    # 2,000 runs: one standard error is half a point.
    assert covered >= 0.95 - 0.015
