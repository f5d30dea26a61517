from __future__ import annotations

from autotune.solve.conflict import conflict


def test_the_smallest_contradiction_is_named(space):
    rules = ("a + b >= 3", "a > 2 * b", "a != 7", "b > a - 1")
    assert list(map(str, conflict(space(*rules)))) == ["a > 2 * b", "b > a - 1"]


def test_a_constraint_that_contradicts_the_domains_stands_alone(space):
    assert list(map(str, conflict(space("a < b", "a * b > 10_001")))) == ["a * b > 10_001"]


def test_there_is_no_conflict_where_something_is_permitted(space):
    assert conflict(space("a * b == 9409")) == ()


def test_facts_of_the_host_are_part_of_it(space):
    rules = ("a >= 4 * host.cpus", "a <= 2 * host.cpus", "b > 1")
    assert list(map(str, conflict(space(*rules, cpus=8)))) == ["a >= 4 * host.cpus", "a <= 2 * host.cpus"]
