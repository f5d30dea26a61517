from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from autotune.judge.holm import adjusted

probabilities = st.floats(0, 1)
families = st.lists(probabilities, max_size=12)


def test_holms_published_rule_on_four_p_values() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_a_single_claim_is_left_as_it_is() -> None:
    assert adjusted([0.037]) == (0.037,)


def test_no_claims_have_no_p_values() -> None:
    assert adjusted([]) == ()


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted([0.5, wrong])


@given(families)
def test_no_p_value_becomes_smaller_nor_larger_than_bonferronis(family: list[float]) -> None:
    for plain, found in zip(family, adjusted(family), strict=True):
        assert plain <= found <= min(1.0, len(family) * plain)


@given(families)
def test_the_order_of_the_claims_stays(family: list[float]) -> None:
    found = adjusted(family)
    assert all(found[i] <= found[j] for i, one in enumerate(family) for j, p in enumerate(family) if one < p)


@given(st.lists(probabilities, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_arms_does_not_matter(family: list[float], random) -> None:
    places = random.sample(range(len(family)), len(family))
    found = adjusted(family)
    assert adjusted([family[place] for place in places]) == tuple(found[place] for place in places)


@given(families, probabilities)
def test_a_further_claim_never_makes_the_others_easier(family: list[float], further: float) -> None:
    assert all(
        one <= other for one, other in zip(adjusted(family), adjusted([*family, further])[:-1], strict=True)
    )


@given(st.lists(probabilities, min_size=1, max_size=6))
def test_it_is_the_closed_test_of_bonferroni(family: list[float]) -> None:
    """Marcus, Peritz and Gabriel 1976: a claim is made where every set that holds it is rejected."""
    places = range(len(family))
    sets = [chosen for size in places for chosen in combinations(places, size + 1)]
    for place, found in enumerate(adjusted(family)):
        worst = max(len(s) * min(family[i] for i in s) for s in sets if place in s)
        assert found == pytest.approx(min(1.0, worst))


def test_of_true_nulls_one_is_rarely_rejected_even_where_they_move_together() -> None:
    random, count = np.random.default_rng(7), 4000
    shared = random.normal(size=(count, 1))
    values = 0.7 * shared + np.sqrt(1 - 0.49) * random.normal(size=(count, 5))
    rejected = sum(min(adjusted(row.tolist())) <= 0.05 for row in ndtr(values))
    assert rejected / count <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / count)
