from __future__ import annotations

import numpy as np

from autotune.judge.spread import spread


def test_few_samples_show_their_range_and_more_the_interval_of_the_median() -> None:
    few = spread([3.0, 1.0, 2.0])
    assert (few.kind, few.median, few.low, few.high, few.count) == ("range", 2, 1, 3, 3)
    ten = spread([float(n) for n in range(1, 11)])
    assert (ten.kind, ten.median, ten.low, ten.high) == ("ci95", 5.5, 2, 9)
    assert (ten.least, ten.most, ten.lower_quartile, ten.upper_quartile) == (1, 10, 3.25, 7.75)


def test_the_interval_covers_the_median_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    found = [spread(list(random.exponential(size=10))) for _ in range(2000)]
    covered = np.mean([s.low <= np.log(2) <= s.high for s in found])
    assert covered >= 0.95 - 0.015  # exactly 97.9 %; a standard error is half a point
