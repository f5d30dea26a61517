from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, rankdata

from autotune.judge.doubts import _ranks, drifts, modes, order_effect, order_matters
from autotune.judge.paired import Differences, differences

COINS = np.arange(40) % 2 == 0


def seen(candidate: np.ndarray) -> Differences:
    return differences(np.full(len(candidate), 100.0), candidate, direction="maximize")


def test_order_effect_is_the_gap_between_the_two_orders() -> None:
    found = order_effect(seen(np.where(COINS, 110.0, 100.0)), COINS)
    assert found == pytest.approx(0.1)


def test_order_effect_needs_both_orders() -> None:
    assert order_effect(seen(np.full(4, 100.0)), np.ones(4, dtype=bool)) is None


def test_a_real_order_effect_is_noticed() -> None:
    noise = np.random.default_rng(1).normal(1, 0.01, 40)
    assert order_matters(seen(noise * np.where(COINS, 103.0, 100.0)), COINS)


@pytest.mark.parametrize("candidate", [np.full(40, 101.0), np.full(40, 100.0)])
def test_constant_samples_raise_no_doubt(candidate: np.ndarray) -> None:
    assert not order_matters(seen(candidate), COINS)
    assert not drifts(seen(candidate))
    assert modes(candidate) is None


@given(st.lists(st.integers(90, 110), min_size=40, max_size=40))
def test_order_matters_agrees_with_the_rank_sum_test(values: list[int]) -> None:
    found = seen(np.array(values, dtype=float))
    if np.ptp(found.values) == 0:
        return
    first, second = found.values[COINS], found.values[~COINS]
    expected = mannwhitneyu(first, second, use_continuity=False, method="asymptotic").pvalue
    if abs(expected - 0.01) > 0.001:
        assert order_matters(found, COINS) == (expected < 0.01)


def test_a_drift_of_the_difference_is_noticed() -> None:
    assert drifts(seen(100 * np.exp(np.linspace(-log(1.1), log(1.1), 40))))


def test_two_groups_are_found_with_their_sizes() -> None:
    noise = np.random.default_rng(2).normal(0, 0.2, 30)
    found = modes(noise + np.repeat([10.0, 20.0], [20, 10]))
    assert found is not None
    assert (found.low_count, found.high_count) == (20, 10)
    assert (found.low, found.high) == pytest.approx((10, 20), abs=0.3)


def test_one_group_with_an_outlier_is_one_group() -> None:
    assert modes(np.array([*np.random.default_rng(2).normal(10, 0.2, 39), 50.0])) is None


def test_few_samples_are_not_split() -> None:
    assert modes(np.repeat([10.0, 20.0], 5)) is None


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30))
def test_ranks_with_ties_are_those_of_scipy(values):
    drawn = np.array(values, dtype=float)
    assert np.array_equal(_ranks(drawn), rankdata(drawn))
