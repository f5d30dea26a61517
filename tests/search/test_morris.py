from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.expression import parse
from autotune.model.problem import Problem
from autotune.model.space import Space, config_key
from autotune.search.morris import design
from autotune.testing.spaces import parameter, rich, small, wide


def designed(space, *, seed=1, trajectories=4, **rest):
    return design(Problem(space=space, seed=seed, **rest), space.defaults(), trajectories=trajectories)


@pytest.mark.parametrize("space", [rich(), small(), wide(1), wide(13)], ids=["rich", "small", "one", "wide"])
@pytest.mark.parametrize("seed", range(5))
def test_at_most_four_times_the_parameters_and_four_are_measured(space, seed):
    found = designed(space, seed=seed)
    assert len(found.configs) <= 4 * (len(space.parameters) + 1)
    keys = [config_key(config) for config in found.configs]
    assert len(set(keys)) == len(keys)
    assert config_key(space.defaults()) not in keys


@given(seed=st.integers(0, 1000))
def test_every_step_is_permitted_and_changes_one_parameter_and_what_hangs_on_it(seed):
    space = rich()
    problem = Problem(space=space, seed=seed)
    for step in designed(space, seed=seed).steps:
        assert problem.permits(step.after)
        changed = {n for n in space.names if step.before.get(n, "-") != step.after.get(n, "-")}
        hanging = {p.name for p in space.parameters if p.when}
        assert step.parameter in changed
        assert changed <= {step.parameter, *hanging}


def test_every_parameter_has_a_step_in_every_trajectory():
    found = designed(wide(9))
    assert Counter(step.parameter for step in found.steps) == dict.fromkeys(wide(9).names, 4)
    assert found.dropped == {}


def test_a_step_goes_two_thirds_of_a_line():
    space = Space(parameters=(parameter("x", "float", low=0.0, high=3.0),))
    later = designed(space, seed=3).steps[1:]  # the first begins at the baseline, wherever that is
    assert [abs(s.after["x"] - s.before["x"]) for s in later] == pytest.approx([2.0] * 3)


def test_directions_are_those_of_the_domain():
    for step in designed(wide(8)).steps:
        before, after = step.before[step.parameter], step.after[step.parameter]
        assert step.up == (after > before)


def test_what_hangs_on_another_is_moved_while_it_is_active():
    space = Space(
        parameters=(
            parameter("on", "bool", values=(False, True)),
            parameter("size", "int", low=1, high=9, when="on"),
        )
    )
    found = Counter(s.parameter for seed in range(10) for s in designed(space, seed=seed).steps)
    # Whichever way `on` is at the beginning, it is true before or after its own step.
    assert found == {"on": 40, "size": 40}


def test_a_change_that_is_not_permitted_gives_way_to_another_value():
    space = Space(
        parameters=(parameter("x", "int", low=0, high=90), parameter("y", "int", low=0, high=90)),
        constraints=(parse("x + y <= 100"),),
    )
    found = designed(space)
    assert all(s.after["x"] + s.after["y"] <= 100 for s in found.steps)
    assert len(found.steps) >= 6
    assert len(found.steps) + sum(found.dropped.values()) == 8


def test_a_parameter_that_nothing_else_is_permitted_for_is_dropped_and_told():
    space = Space(
        parameters=(parameter("x", "int", low=0, high=9), parameter("y", "bool", values=(False, True))),
        constraints=(parse("not y"),),
    )
    found = designed(space)
    assert found.dropped == {"y": 4}
    assert {s.parameter for s in found.steps} == {"x"}


def test_a_rare_space_is_walked_from_repaired_beginnings():
    space = Space(
        parameters=tuple(parameter(n, "int", low=0, high=1000) for n in "abc"),
        constraints=(parse("a + b == c"), parse("c >= 500")),
    )
    start = {"a": 250, "b": 250, "c": 500}
    found = design(Problem(space=space), start, trajectories=4)
    assert found.configs == ()  # no single parameter can be changed alone
    assert found.dropped == {"a": 4, "b": 4, "c": 4}


def test_a_parameter_of_one_value_is_left_out():
    space = Space(parameters=(*wide(2).parameters, parameter("fixed", "choice", values=(7,))))
    found = designed(space)
    assert "fixed" not in found.parameters
    assert all(s.after["fixed"] == 7 for s in found.steps)


def test_the_same_seed_draws_the_same_steps():
    assert designed(rich(), seed=5) == designed(rich(), seed=5)
    assert designed(rich(), seed=5) != designed(rich(), seed=6)


def test_risks_that_are_not_allowed_are_not_taken():
    found = designed(wide(6), allowed=lambda config: config["p3"] is False)
    assert all(step.after["p3"] is False for step in found.steps)
