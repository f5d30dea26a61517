from __future__ import annotations

import numpy as np
import pytest

from autotune.measure.load.schedule import starts


def test_constant_arrivals_have_equal_gaps() -> None:
    assert list(starts("constant", rate_per_s=4, length_s=1.5, seed=0)) == [0, 0.25, 0.5, 0.75, 1.0, 1.25]


def test_poisson_arrivals_have_exponential_gaps_of_the_wanted_rate() -> None:
    times = np.array(list(starts("poisson", rate_per_s=1000, length_s=100, seed=1)))
    gaps = np.diff(times)
    # 100,000 gaps: mean and standard deviation are known to 0.3 % and 0.7 %.
    assert gaps.mean() == pytest.approx(1e-3, rel=0.02)
    assert gaps.std() == pytest.approx(1e-3, rel=0.03)
    assert (times < 100).all()


def test_the_same_seed_gives_the_same_schedule() -> None:
    first, again, other = (list(starts("poisson", rate_per_s=50, length_s=2, seed=s)) for s in (7, 7, 8))
    assert first == again != other
