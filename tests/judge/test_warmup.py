from __future__ import annotations

import numpy as np
import pytest

from autotune.judge.warmup import left_out, warm_up


def test_a_slow_first_sample_is_a_warm_up():
    assert warm_up([50.0, 100.1, 99.8, 100.3, 99.9]) == 1


def test_a_gradual_warm_up_is_left_out_as_a_whole():
    assert warm_up([300, 200, 130, 101, 99, 100, 100.5, 99.5, 100, 101, 99, 100]) == 3


def test_an_outlier_later_is_no_warm_up():
    assert warm_up([100.0, 101, 50, 99, 100, 100.5, 99.5, 100]) == 0


def test_steady_noise_loses_its_first_sample_in_one_series_of_a_hundred():
    random = np.random.default_rng(3)
    for size in (5, 10):
        found = sum(warm_up(list(random.normal(100, 5, size))) > 0 for _ in range(3000))
        assert 0.004 < found / 3000 < 0.017, f"seed 3, size {size}: {found} of 3000"


def test_regular_samples_differ_by_more_than_a_percent_to_be_a_warm_up():
    assert warm_up([100.5, 100, 100, 100, 100]) == 0
    assert warm_up([102, 100, 100, 100, 100]) == 1


@pytest.mark.parametrize("values", [[], [1.0], [9.0, 1, 1, 1], [0.0] * 6])
def test_few_or_equal_values_have_none(values):
    assert warm_up(values) == 0


def test_at_most_half_is_left_out():
    assert warm_up([float(2**n) for n in range(12, 0, -1)]) <= 6


def test_it_is_said_how_many():
    assert "the first of 5 samples" in left_out(1, 5)
    assert "the first 2 of 10 samples" in left_out(2, 10)
