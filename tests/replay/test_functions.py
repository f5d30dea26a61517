from __future__ import annotations

import numpy as np
import pytest
from search.functions import FUNCTIONS, decades

BEST = {
    "sphere": [1.234] * 5,
    "rosenbrock": [1.0] * 4,
    "hartmann6": [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_smooth_function_costs_one_at_its_optimum_and_two_at_an_ordinary_point(name):
    function, random = FUNCTIONS[name], np.random.default_rng(1)
    points = random.uniform(function.low, function.high, (1001, function.dimensions))
    costs = [function.cost({f"x{i}": v for i, v in enumerate(row)}) for row in points]

    assert function.cost({f"x{i}": v for i, v in enumerate(BEST[name])}) == pytest.approx(1.0, abs=1e-6)
    assert min(costs) > 1.0
    assert np.median(costs) == pytest.approx(2.0, abs=0.1)


def test_regret_is_counted_in_decades_below_an_ordinary_point():
    assert [decades(cost) for cost in (2.0, 1.1, 1.0)] == pytest.approx([0.0, 1.0, 6.0])
