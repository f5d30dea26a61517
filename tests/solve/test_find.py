from __future__ import annotations

from itertools import islice, product

import numpy as np
import pytest

from autotune.core.expression import parse
from autotune.model.problem import Problem
from autotune.model.space import Space, config_key
from autotune.solve.find import Finder, satisfiable, solutions
from autotune.solve.rules import Rules


def _found(space, count=20, *, seed=1, barred=(), **rest):
    problem = Problem(space=space, barred=tuple(map(parse, barred)), **rest)
    rules = Rules(space, barred=problem.barred)
    random = np.random.default_rng(seed)
    return list(islice(solutions(rules, random, permits=problem.permits, starts=10), count))


@pytest.mark.parametrize(
    "constraint",
    [
        "a * b * c == 970_200 and a > 90",
        "a + b + c == 299",
        "a == 37 and b == 2 * a and c == a + 1",
        "a ** 2 + b ** 2 == c ** 2 and c > 96",
        "max(a, b, c) - min(a, b, c) == 0 and a % 50 == 49",
    ],
)
def test_one_permitted_configuration_in_a_million_is_found(space, constraint):
    found = _found(space(constraint, names="abc"), 3)
    assert found
    assert all(parse(constraint).evaluate(config) for config in found)


def test_all_of_a_small_space_is_found(space):
    rule = "a * b == 60 or a == b"
    one = space(rule, high=60)
    rules, permits = Rules(one), Problem(space=one).permits
    search = Finder(rules, np.random.default_rng(3), permits=permits)
    keys = {config_key(config) for config in search.found()}
    wanted = [{"a": a, "b": b} for a, b in product(range(1, 61), repeat=2) if a * b == 60 or a == b]
    assert keys == {config_key(config) for config in wanted}
    assert search.finished


def test_another_seed_finds_others_and_the_same_seed_the_same(space):
    one = space("a * b == 3600", high=3600)
    assert _found(one, 5, seed=1) == _found(one, 5, seed=1)
    assert _found(one, 5, seed=1) != _found(one, 5, seed=2)


def test_ranges_beyond_all_memory_are_no_problem(space):
    one = space("a == 3 * b + 7", "b > 2 ** 39", high=2**62)
    (found, *_) = _found(one, 2)
    assert found["a"] == 3 * found["b"] + 7


def test_fractions_are_found_to_the_last_digit(space, parameter):
    floats = tuple(parameter(n, "float", low=0.0, high=1.0) for n in "xy")
    one = space("x + y == 1.0", "x > 0.7", names="", more=floats)
    (found, *_) = _found(one, 2)
    assert found["x"] + found["y"] == 1.0
    assert found["x"] > 0.7


def test_facts_of_the_host_take_part(space):
    found = _found(space("a * b == host.cpus", "a < b", high=5000, cpus=4999), 4)
    assert {(c["a"], c["b"]) for c in found} == {(1, 4999)}


def test_a_division_by_zero_is_not_permitted(space, parameter):
    zero = tuple(parameter(n, "int", low=0, high=2) for n in "xy")
    found = _found(space("x / y <= 1", names="", more=zero), 50)
    assert {(c["x"], c["y"]) for c in found} == {(0, 1), (0, 2), (1, 1), (1, 2), (2, 2)}


def test_conditions_decide_which_constraints_count(space, parameter):
    mode = parameter("mode", "choice", values=("off", "on"))
    inner = parameter("inner", "int", low=1, high=1000, when="mode == 'on'")
    one = space("inner == 77", "inner * a == 7700", more=(mode, inner))
    found = _found(one, 40)
    on = [c for c in found if c["mode"] == "on"]
    assert {(c["a"], c["inner"]) for c in on} == {(100, 77)}
    assert any("inner" not in c for c in found)


def test_what_is_unset_satisfies_a_constraint(space, parameter):
    pages = parameter("pages", "int", low=10, high=90, special=(-1, None))
    found = _found(space("pages > 1000", more=(pages,)), 8)
    assert found
    assert {c["pages"] for c in found} == {None}


def test_texts_and_switches_take_part(space, parameter):
    kinds = tuple(parameter(n, "choice", values=("red", "green", "blue")) for n in "pqrs")
    switch = parameter("fast", "bool", values=(False, True))
    one = space("p != q and q != r and r != s and s == p", "fast and p in ['blue']", more=(*kinds, switch))
    found = _found(one, 10)
    assert found
    assert all(c["fast"] and c["p"] == c["s"] == "blue" and c["q"] != c["r"] for c in found)


def test_barred_risks_of_many_switches_are_avoided(space, parameter):
    switches = tuple(parameter(f"s{n}", "bool", values=(False, True)) for n in range(24))
    barred = tuple(f"s{n}" for n in range(20))
    (found, *_) = _found(space(more=switches), 1, barred=barred)
    assert not any(found[name] for name in barred)


@pytest.mark.parametrize(
    ("constraints", "answer"),
    [
        (("a > b", "b > a"), False),
        (("a * b == 9973", "a > 1", "b > 1"), False),
        (("a + b <= 5",), True),
        (("a % 7 == 3", "a % 11 == 5"), True),
        (("1 / (a - a) > 0",), False),
    ],
)
def test_whether_anything_satisfies_the_constraints_is_known(space, constraints, answer):
    assert satisfiable(Rules(space(*constraints))) is answer


def test_what_would_take_too_long_is_left_open(space):
    one = space("(a * b + c * d) % 10007 == 10006 and a * c % 9973 == 9972", names="abcd", high=10**6)
    assert satisfiable(Rules(one), nodes=50) is None


def test_a_space_without_rules_is_found_at_once(space):
    assert len(_found(space(names=""), 1)) <= 1
    assert isinstance(_found(space(), 1)[0], dict)
    assert satisfiable(Rules(Space(parameters=()))) is True
