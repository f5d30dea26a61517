from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from autotune.core.expression import parse
from autotune.model.problem import Problem
from autotune.solve.repair import repaired
from autotune.solve.rules import Rules


def _repaired(space, config, **rest):
    problem = Problem(space=space, **rest)
    return repaired(Rules(space, barred=problem.barred), config, permits=problem.permits)


def test_what_is_permitted_stays_as_it_is(space):
    assert _repaired(space("a <= b"), {"a": 3, "b": 4}) == {"a": 3, "b": 4}


def test_one_parameter_is_changed_where_that_is_enough(space):
    assert _repaired(space("a <= b"), {"a": 60, "b": 50}) in ({"a": 50, "b": 50}, {"a": 60, "b": 60})
    assert _repaired(space("a + b <= 100"), {"a": 90, "b": 30}) in ({"a": 70, "b": 30}, {"a": 90, "b": 10})


@pytest.mark.parametrize(
    "rule", ["a * b == 24", "a + 2 * b <= 9 and a > b", "a % 5 == 3 and (a + b) % 4 == 1"]
)
def test_no_permitted_configuration_is_nearer(space, rule):
    one = space(rule, high=24)
    for start in ({"a": 20, "b": 20}, {"a": 7, "b": 1}, {"a": 1, "b": 24}):
        found = _repaired(one, start)

        def differs(config, start=start):
            far = [abs(config[n] - start[n]) / 23 for n in "ab"]
            return sum(x > 0 for x in far), round(sum(far), 9)

        every = [{"a": a, "b": b} for a, b in product(range(1, 25), repeat=2)]
        assert differs(found) == min(differs(c) for c in every if parse(rule).evaluate(c))


def test_the_answer_is_always_the_same(space):
    one = space("a * b * c == 8000", names="abc")
    start = {"a": 17, "b": 23, "c": 99}
    assert _repaired(one, start) == _repaired(one, start)
    assert _repaired(one, start)["a"] * _repaired(one, start)["b"] * _repaired(one, start)["c"] == 8000


def test_what_no_rule_rests_on_stays(space, parameter):
    free = (parameter("free", "int", low=1, high=9), parameter("mode", "choice", values=("x", "y")))
    found = _repaired(space("a < b", more=free), {"a": 5, "b": 5, "free": 7, "mode": "y"})
    assert (found["free"], found["mode"]) == (7, "y")


def test_a_value_outside_its_domain_becomes_the_nearest(space):
    assert _repaired(space("a <= b"), {"a": -4, "b": 900}) == {"a": 1, "b": 100}


def test_distances_of_a_log_range_are_those_of_the_logarithm(space, parameter):
    wide = tuple(parameter(n, "int", low=1, high=2**20, log=True) for n in "xy")
    found = _repaired(space("x * y <= 2 ** 20", names="", more=wide), {"x": 2**20, "y": 2})
    assert found in ({"x": 2**19, "y": 2}, {"x": 2**20, "y": 1})


def test_a_parameter_that_becomes_active_has_its_default(space, parameter):
    mode = parameter("mode", "choice", values=("off", "on"))
    inner = parameter("inner", "int", low=1, high=9, default=4, when="mode == 'on'")
    found = _repaired(space("mode == 'on' or a > 500", more=(mode, inner)), {"a": 3, "b": 3, "mode": "off"})
    assert found == {"a": 3, "b": 3, "mode": "on", "inner": 4}


def test_a_risk_is_repaired_too(space, parameter):
    switch = parameter("fast", "bool", values=(False, True))
    found = _repaired(
        space(more=(switch,)),
        {"a": 1, "b": 1, "fast": True},
        barred=(parse("fast"),),
        allowed=lambda c: not c["fast"],
    )
    assert found == {"a": 1, "b": 1, "fast": False}


def test_nothing_is_made_up_where_nothing_is_permitted(space):
    assert _repaired(space("a > b", "b > a"), {"a": 1, "b": 1}) is None


def test_some_boxes_are_enough_for_an_answer_that_is_near(space):
    """Not the nearest, as a search need not wait for it: products and sums over wide ranges."""
    one = space("a * b * c <= 2000", "d * e + a <= 300", "b % 2 == 1 or c % 2 == 0", names="abcde", high=1000)
    random = np.random.default_rng(1)
    problem = Problem(space=one)
    found = [
        repaired(
            Rules(one), dict(zip("abcde", map(int, row), strict=True)), permits=problem.permits, nodes=10
        )
        for row in random.integers(1, 1001, (25, 5))
    ]
    assert sum(config is not None for config in found) >= 20
    assert all(problem.permits(config) for config in found if config is not None)
