from __future__ import annotations

import numpy as np
import pytest

from autotune.judge.power import more_pairs, smallest_shift
from autotune.judge.signedrank import Interval, interval, p_value
from autotune.judge.walsh import walsh_averages


def test_smallest_shift_is_found_in_four_of_five_comparisons() -> None:
    random = np.random.default_rng(11)
    level, hits, count = 0.0365, 0, 600
    for _ in range(count):
        values = random.normal(0, 1, 40)
        found = interval(walsh_averages(values), level)
        assert found is not None
        fresh = random.normal(smallest_shift(found), 1, 40)
        hits += p_value(walsh_averages(fresh)) <= level
    assert hits / count == pytest.approx(0.8, abs=0.07)


def test_four_times_the_pairs_halve_the_distance() -> None:
    found = Interval(estimate=0.0, low=-1.0, high=1.0, alpha=0.05)
    near = more_pairs(found, pairs=100, distance=1.0, level=0.05)
    far = more_pairs(found, pairs=100, distance=2.0, level=0.05)
    assert near is not None
    assert far is not None
    assert near == pytest.approx(100 * (2.8 / 1.96) ** 2 - 100, abs=2)
    assert far == 1


@pytest.mark.parametrize("distance", [0.0, 1e-6])
def test_a_hopeless_distance_has_no_number(distance: float) -> None:
    found = Interval(estimate=0.0, low=-1.0, high=1.0, alpha=0.05)
    assert more_pairs(found, pairs=100, distance=distance, level=0.05) is None


def test_without_an_interval_there_is_no_number() -> None:
    assert more_pairs(None, pairs=4, distance=1.0, level=0.05) is None
