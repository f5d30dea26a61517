from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wilcoxon

from autotune.judge.signedrank import interval, p_value
from autotune.judge.walsh import walsh_averages

values = st.lists(st.integers(-6, 9).map(float), min_size=1, max_size=30).map(np.array)
levels = st.sampled_from([0.003, 0.0105, 0.0365, 0.1])


def test_p_is_the_exact_one_without_ties() -> None:
    sample = np.random.default_rng(3).normal(0.3, 1, 25)
    assert p_value(walsh_averages(sample)) == pytest.approx(wilcoxon(sample, method="exact").pvalue)


def test_p_of_many_values_is_the_normal_approximation() -> None:
    sample = np.random.default_rng(3).normal(0.1, 1, 260)
    expected = wilcoxon(sample, method="approx", correction=True).pvalue
    assert p_value(walsh_averages(sample)) == pytest.approx(expected, rel=1e-6)


def test_ten_of_ten_on_one_side_is_two_in_1024() -> None:
    assert p_value(walsh_averages(np.arange(1.0, 11.0))) == pytest.approx(2 / 1024)


def test_all_zero_shows_nothing_and_has_no_width() -> None:
    averages = walsh_averages(np.zeros(12))
    found = interval(averages, 0.05)
    assert p_value(averages) == 1.0
    assert found is not None
    assert (found.low, found.estimate, found.high) == (0, 0, 0)


@pytest.mark.parametrize(("count", "level"), [(5, 0.05), (9, 0.003), (1, 0.5)])
def test_too_few_values_have_no_interval(count: int, level: float) -> None:
    assert interval(walsh_averages(np.arange(1.0, count + 1)), level) is None


@given(values, levels)
def test_interval_leaves_out_zero_exactly_where_the_test_rejects(sample: np.ndarray, level: float) -> None:
    averages = walsh_averages(sample)
    found = interval(averages, level)
    rejected = found is not None and not found.low <= 0 <= found.high
    assert rejected == (p_value(averages) <= level)


@given(values, levels)
def test_interval_contains_the_estimate(sample: np.ndarray, level: float) -> None:
    found = interval(walsh_averages(sample), level)
    assert found is None or found.low <= found.estimate <= found.high


@given(values)
def test_ties_never_make_p_smaller_than_any_way_to_break_them(sample: np.ndarray) -> None:
    jitter = np.random.default_rng(len(sample)).normal(0, 1e-6, len(sample))
    assert p_value(walsh_averages(sample + jitter)) <= p_value(walsh_averages(sample)) + 1e-12


def test_interval_really_spends_no_more_than_its_level() -> None:
    found = interval(walsh_averages(np.random.default_rng(1).normal(size=20)), 0.0105)
    assert found is not None
    assert 0.009 < found.alpha <= 0.0105
