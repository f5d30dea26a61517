from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autotune.judge.floor import floor, redrawn
from autotune.judge.walsh import walsh_averages

DIFFERENCES = arrays(float, st.integers(6, 15), elements=st.floats(-10, 10, width=32))


@given(DIFFERENCES, st.integers(0, 1000))
def test_floor_lies_between_nothing_and_the_largest_difference(values, seed: int) -> None:
    assert 0 <= floor(values, seed=seed, redraws=60) <= np.abs(values).max()


@given(DIFFERENCES, st.integers(0, 1000))
def test_floor_does_not_know_which_arm_was_called_the_candidate(values, seed: int) -> None:
    assert floor(-values, seed=seed, redraws=60) == floor(values, seed=seed, redraws=60)


@given(DIFFERENCES, st.sampled_from([0.5, 2.0, 64.0]))
def test_floor_grows_with_the_differences(values, times: float) -> None:
    assert floor(times * values, seed=1, redraws=60) == times * floor(values, seed=1, redraws=60)


@given(DIFFERENCES, st.integers(0, 1000))
def test_at_least_95_of_100_redraws_lie_within_the_floor(values, seed: int) -> None:
    sizes = np.abs(redrawn(values, seed=seed, redraws=100))
    assert np.count_nonzero(sizes <= floor(values, seed=seed, redraws=100)) >= 95


def test_equal_samples_have_no_floor() -> None:
    assert floor(np.zeros(40), seed=0) == 0


def test_same_seed_gives_the_same_floor() -> None:
    values = np.random.default_rng(5).normal(0, 1, 20)
    assert floor(values, seed=3) == floor(values, seed=3)


def test_two_equal_differences_are_redrawn_to_both_signs_and_to_nothing() -> None:
    assert set(redrawn(np.ones(2), seed=0, redraws=100)) == {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("seed", range(3))
def test_comparisons_of_equal_configurations_exceed_the_floor_in_one_of_twenty(seed: int) -> None:
    """Fresh comparisons of the same noise, none of which the floor was made from."""
    random = np.random.default_rng(seed)
    found = floor(random.standard_t(4, 200), seed=seed, redraws=500) * np.sqrt(200 / 40)
    fresh = [abs(walsh_averages(random.standard_t(4, 40)).median) for _ in range(2000)]
    assert np.mean(np.array(fresh) > found) == pytest.approx(0.05, abs=0.035)
