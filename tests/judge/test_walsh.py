from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge.signedrank import interval, p_value
from autotune.judge.walsh import MOST_HELD, walsh_averages

MANY = 5 * MOST_HELD
"""Values of which not all averages are made."""

KINDS = {
    "continuous": lambda random, count: random.normal(size=count),
    "tied": lambda random, count: np.round(4 * random.normal(size=count)) / 4,
    "far apart": lambda random, count: np.ldexp(
        random.choice([-1.0, 1.0], count), random.integers(20, size=count)
    ),
    "two values": lambda random, count: random.integers(2, size=count).astype(float),
    "constant": lambda _, count: np.zeros(count),
}


def all_of(values: np.ndarray) -> np.ndarray:
    first, second = np.triu_indices(len(values))
    return np.sort((values[first] + values[second]) / 2)


@pytest.mark.parametrize("count", [1, 2, 7, MOST_HELD, MOST_HELD + 1, MANY])
@pytest.mark.parametrize("kind", KINDS)
def test_every_rank_is_that_of_all_averages_made(kind: str, count: int) -> None:
    values = KINDS[kind](np.random.default_rng(count), count)
    found, made = walsh_averages(values), all_of(values)
    ranks = {0, len(made) // 7, len(made) // 2, len(made) - 1}
    assert len(found) == len(made)
    assert {rank: found.at(rank) for rank in ranks} == {rank: made[rank] for rank in ranks}
    assert found.median == np.median(made)


@pytest.mark.parametrize("count", [7, MANY])
@pytest.mark.parametrize("kind", KINDS)
def test_counts_on_both_sides_of_a_bound_are_those_of_all_averages_made(kind: str, count: int) -> None:
    values = KINDS[kind](np.random.default_rng(count), count)
    found, made = walsh_averages(values), all_of(values)
    for bound in (-0.25, 0.0, 0.5, 1e9):
        assert found.below(bound) == np.searchsorted(made, bound, "left")
        assert found.up_to(bound) == np.searchsorted(made, bound, "right")


@given(st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=30).map(np.array), st.data())
def test_a_rank_has_as_many_before_it_as_it_says(values: np.ndarray, data) -> None:
    found = walsh_averages(values)
    rank = data.draw(st.integers(0, len(found) - 1))
    assert found.below(found.at(rank)) <= rank < found.up_to(found.at(rank))


def test_the_median_of_a_half_lies_between_the_same_averages_as_that_of_the_mirrored() -> None:
    """A value below what rounding keeps beside the others."""
    values = np.array([3.3e-32, -2, 7, 0, -1, *[5] * 7])
    assert walsh_averages(values).median == -walsh_averages(-values).median == 2.75


def test_a_hundred_thousand_values_need_little_memory() -> None:
    values = np.random.default_rng(1).normal(0.1, 1, 100_000)
    tracemalloc.start()
    found = interval(walsh_averages(values), 0.05)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 2**20  # all averages would be 40 GB
    assert found is not None
    assert found.low < 0.1 < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(np.pi / 3 / len(values)), rel=0.02)


@pytest.mark.parametrize("shift", [0.0, 0.06, 0.2])
def test_interval_and_test_of_many_values_agree(shift: float) -> None:
    averages = walsh_averages(np.random.default_rng(2).normal(shift, 1, MANY))
    found = interval(averages, 0.05)
    assert found is not None
    assert (not found.low <= 0 <= found.high) == (p_value(averages) <= 0.05)
