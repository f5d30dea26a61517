from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from autotune.judge.levels import decides, nominal_levels
from autotune.judge.looks import looks, next_look


@pytest.mark.parametrize(
    ("pairs", "planned"),
    [(40, (10, 20, 30, 40)), (20, (5, 10, 15, 20)), (7, (2, 4, 6, 7)), (2, (1, 2)), (1, (1,))],
)
def test_looks_lie_at_the_quarters_rounded_up(pairs: int, planned: tuple[int, ...]) -> None:
    assert looks(pairs) == planned


@given(st.integers(1, 5000))
def test_looks_rise_and_end_with_all_pairs(pairs: int) -> None:
    planned = looks(pairs)
    assert list(planned) == sorted(set(planned))
    assert planned[0] >= 1
    assert planned[-1] == pairs


@pytest.mark.parametrize("pairs", [0, -3])
def test_no_pairs_are_refused(pairs: int) -> None:
    with pytest.raises(ValueError, match="at least 1 pair"):
        looks(pairs)


def test_next_look_is_the_first_beyond_what_is_done() -> None:
    planned = looks(40)
    assert [next_look(done, planned) for done in (0, 9, 10, 39, 40, 41)] == [10, 10, 20, 40, None, None]


def test_levels_match_the_published_shape_of_the_spending_function() -> None:
    z = [norm.isf(level / 2) for level in nominal_levels(looks(40), 0.05)]
    assert z == pytest.approx([2.958, 2.561, 2.302, 2.091], abs=0.004)


def test_first_level_is_what_the_first_look_may_spend() -> None:
    assert nominal_levels((10, 40), 0.05)[0] == pytest.approx(0.05 / 16)


def test_one_look_spends_everything() -> None:
    assert nominal_levels((7,), 0.03) == pytest.approx((0.03,))


@pytest.mark.parametrize("planned", [(10, 20, 30, 40), (2, 3, 5, 6), (5, 9)])
def test_all_looks_together_spend_alpha(planned: tuple[int, ...]) -> None:
    bounds = norm.isf(np.array(nominal_levels(planned, 0.05)) / 2)
    times = np.array(planned) / planned[-1]
    covariance = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    joint = multivariate_normal(np.zeros(len(planned)), covariance)
    inside = joint.cdf(bounds, lower_limit=-bounds, rng=np.random.default_rng(1))
    assert 1 - inside == pytest.approx(0.05, abs=2e-4)


@given(st.integers(1, 200), st.sampled_from([0.01, 0.04, 0.05, 0.1]))
def test_every_level_is_positive_and_within_alpha(pairs: int, alpha: float) -> None:
    assert all(0 < level <= alpha * 1.0001 for level in nominal_levels(looks(pairs), alpha))


@pytest.mark.parametrize(
    ("pairs", "alpha", "enough"),
    [(5, 0.05, False), (6, 0.05, True), (6, 0.04, False), (7, 0.04, True), (8, 0.01, False), (9, 0.01, True)],
)
def test_fewer_pairs_than_a_level_needs_decide_nothing(pairs, alpha, enough):
    assert decides(pairs, alpha) is enough
