from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autotune.judge.pareto import front, fronts

POINTS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), max_size=40)


def dominates(one, other) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and one != other


@given(POINTS)
def test_front_is_what_no_other_point_dominates(points):
    array = np.array(points, dtype=float).reshape(len(points), 3)
    wanted = [n for n, one in enumerate(points) if not any(dominates(other, one) for other in points)]
    assert front(array) == wanted


def test_equal_points_are_both_on_the_front():
    assert front(np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 3.0]])) == [0, 1, 2]


def test_front_of_nothing_is_empty():
    assert front(np.empty((0, 2))) == []
    assert list(fronts(np.empty((0, 2)))) == []


def test_fronts_hold_every_point_once_and_the_best_first():
    points = np.array([[1.0, 1.0], [3.0, 0.0], [2.0, 2.0], [0.0, 0.0]])
    assert list(fronts(points)) == [[1, 2], [0], [3]]
