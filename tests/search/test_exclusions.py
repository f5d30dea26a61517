from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotune.model.space import Apply, Parameter, Space
from autotune.search.codes import Codes
from autotune.search.exclusions import Exclusions
from autotune.testing.spaces import rich, wide


def codes(*sizes: int) -> Codes:
    """As many ordinals, with so many values each."""
    return Codes(
        Space(
            parameters=tuple(
                Parameter(
                    name=f"p{index}",
                    kind="ordinal",
                    default=0,
                    values=tuple(range(size)),
                    scope="restart",
                    apply=Apply(actuator="env", options={}),
                )
                for index, size in enumerate(sizes)
            )
        )
    )


def rows_of(space: Codes, count: int, seed: int = 0) -> np.ndarray:
    return space.drawn(count, np.random.default_rng(seed))


def test_what_worked_is_certain_to_work():
    space = codes(4, 4, 3)
    rows = rows_of(space, 30)
    worked = rows[:, 0] != 1
    found = Exclusions(space, rows, worked).log_works(rows[worked])
    assert found == pytest.approx(0)


def test_a_pair_that_always_failed_is_told_from_its_values_alone():
    space = codes(3, 3, 4, 4)
    rows = rows_of(space, 120)
    fails = (rows[:, 0] == 2) & (rows[:, 1] == 0)
    known = Exclusions(space, rows, ~fails)
    others = rows_of(space, 400, seed=1)
    bad = (others[:, 0] == 2) & (others[:, 1] == 0)
    chance = np.exp(known.log_works(others))
    assert chance[bad].max() < 0.2
    assert np.median(chance[~bad]) > 0.9


def test_a_triple_is_learnt():
    space = codes(2, 2, 2, 5, 5)
    rows = rows_of(space, 150)
    fails = rows[:, :3].sum(axis=1) == 3
    chance = np.exp(Exclusions(space, rows, ~fails).log_works(rows_of(space, 300, seed=1)))
    bad = rows_of(space, 300, seed=1)[:, :3].sum(axis=1) == 3
    assert chance[bad].max() < chance[~bad].min()


def test_one_failure_leaves_doubt_about_what_is_to_blame():
    space = codes(3, 3, 3)
    rows = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    known = Exclusions(space, rows, np.array([True, False]))
    chance = np.exp(known.log_works(np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]])))
    assert 0.5 < chance[0] < 1
    assert chance[1] < chance[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0, 1))
def test_probabilities_are_probabilities(seed: int, count: int, share: float):
    space = Codes(rich())
    rows = rows_of(space, count, seed)
    worked = np.random.default_rng(seed).random(count) < share
    found = Exclusions(space, rows, worked).log_works(rows_of(space, 50, seed + 1))
    assert np.isfinite(found).all()
    assert (found <= 1e-9).all()


def test_two_hundred_parameters_are_looked_at_one_by_one():
    space = Codes(wide(200))
    rows = rows_of(space, 40)
    worked = np.arange(40) % 3 > 0
    assert np.isfinite(Exclusions(space, rows, worked).log_works(rows)).all()
