from __future__ import annotations

import numpy as np
import pytest
from optuna._hypervolume import compute_hypervolume

from autotune.judge.hypervolume import hypervolume


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [1, 2, 7, 25])
def test_hypervolume_is_that_of_optuna(objectives, count):
    points = np.random.default_rng([7, objectives, count]).uniform(-0.2, 1, (count, objectives))
    inside = points[(points > 0).all(axis=1)]
    wanted = compute_hypervolume(-inside, np.zeros(objectives)) if len(inside) else 0.0
    assert hypervolume(points) == pytest.approx(wanted, rel=1e-12)


def test_two_rectangles_count_their_overlap_once():
    assert hypervolume(np.array([[3.0, 1.0], [1.0, 3.0]])) == 5.0


def test_a_dominated_point_and_one_below_the_origin_add_nothing():
    points = np.array([[3.0, 1.0], [1.0, 3.0]])
    more = np.array([[1.0, 1.0], [9.0, 0.0], [9.0, -1.0]])
    assert hypervolume(np.vstack([points, more])) == hypervolume(points)


def test_volume_of_nothing_is_0():
    assert hypervolume(np.empty((0, 2))) == 0.0
