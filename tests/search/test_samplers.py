"""What every registered sampler promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from autotune.core.errors import UsageError
from autotune.core.registry import load, names
from autotune.model.problem import Problem
from autotune.model.space import Apply, Parameter, Space, Value, config_key
from autotune.model.trial import State, Trial

# Two names for one class (`auto` for `tpe`) are tried once.
SAMPLERS = sorted({load("samplers", name): name for name in names("samplers")}.values())
Fixture = Callable[..., Any]


def _inside(space: Space, trial: Trial) -> bool:
    known = all(space[name].contains(value) for name, value in trial.config.items())
    return known and not space.violated(trial.config) and space.pruned(trial.config) == trial.config


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_every_answer_is_inside_the_space(
    name: str, direction: str, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    trials = search(rich_space, make(name, rich_space, direction=direction), 50)

    assert len(trials) == 50
    assert all(_inside(rich_space, trial) for trial in trials)


@pytest.mark.parametrize("name", SAMPLERS)
def test_nothing_is_answered_twice(name: str, rich_space: Space, make: Fixture, search: Fixture) -> None:
    keys = [config_key(t.config) for t in search(rich_space, make(name, rich_space), 50)]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", SAMPLERS)
def test_values_are_plain_python(name: str, rich_space: Space, make: Fixture, search: Fixture) -> None:
    wanted = {"int": {int}, "float": {float}, "bool": {bool}, "choice": {str}, "ordinal": {str}}

    for trial in search(rich_space, make(name, rich_space), 40):
        for key, value in trial.config.items():
            assert value is None or type(value) in wanted[rich_space[key].kind]


@pytest.mark.parametrize("name", SAMPLERS)
def test_special_values_unset_and_conditions_are_all_met(
    name: str, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    def ok(number: int, config: Any, origin: str) -> Trial:
        value = number * 0.618 % 1  # nothing to learn: all of the space stays worth a look
        return Trial(number=number, config=config, origin=origin, state=State.OK, value=value)

    configs = [t.config for t in search(rich_space, make(name, rich_space), 60, outcome=ok)]

    assert {-1, None} <= {c["pages"] for c in configs}
    assert 0.0 in {c["rate"] for c in configs}
    assert {c["level"] for c in configs} == {"off", "normal", "full", None}
    assert any("inner" in c for c in configs)
    assert any("workers" not in c for c in configs)


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_same_seed_gives_the_same_search(
    name: str, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    first = search(rich_space, make(name, rich_space, seed=3), 30)

    assert search(rich_space, make(name, rich_space, seed=3), 30) == first
    assert search(rich_space, make(name, rich_space, seed=4), 30) != first


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("stop", [5, 20])
def test_a_resumed_search_goes_on_exactly(
    name: str, stop: int, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    whole = search(rich_space, make(name, rich_space), 40)

    assert search(rich_space, make(name, rich_space), 40, told=whole[:stop]) == whole


@pytest.mark.parametrize("name", SAMPLERS)
def test_an_answer_does_not_depend_on_answers_before_it(
    name: str, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    told = search(rich_space, make(name, rich_space), 25)
    asked, fresh = make(name, rich_space), make(name, rich_space)
    for trial in told:
        asked.tell(trial)
        fresh.tell(trial)
        asked.ask(trial.number + 1, 0)

    assert [asked.ask(25, a) for a in range(4)] == [fresh.ask(25, a) for a in range(4)]
    assert fresh.ask(25, 2) == asked.ask(25, 2)


@pytest.mark.parametrize("name", SAMPLERS)
def test_an_exhausted_space_ends_the_search(
    name: str, small_space: Space, make: Fixture, search: Fixture
) -> None:
    trials = search(small_space, make(name, small_space), 100)

    assert len(trials) == 7
    assert all(_inside(small_space, trial) for trial in trials)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_search_in_which_all_fails_goes_on(
    name: str, rich_space: Space, make: Fixture, search: Fixture
) -> None:
    def fail(number: int, config: Any, origin: str) -> Trial:
        return Trial(number=number, config=config, origin=origin, state=State.FAILED_CONFIG)

    assert len(search(rich_space, make(name, rich_space), 25, outcome=fail)) == 25


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_trial_from_outside_the_space_is_no_problem(name: str, rich_space: Space, make: Fixture) -> None:
    sampler = make(name, rich_space)
    outside = {**rich_space.defaults(), "cache": -5, "gone": 1}

    sampler.tell(Trial(number=0, config=outside, origin="enqueued", state=State.OK, value=1.0))

    assert sampler.ask(1, 0) is not None


@pytest.mark.parametrize("name", SAMPLERS)
def test_an_unknown_option_is_refused_with_the_known_ones(name: str, rich_space: Space) -> None:
    with pytest.raises(UsageError, match="has no option 'levles'"):
        load("samplers", name)(Problem(space=rich_space), options={"levles": 3})


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", True])
def test_an_option_that_is_no_whole_number_is_refused(value: Any, rich_space: Space) -> None:
    with pytest.raises(UsageError, match="whole number"):
        load("samplers", "grid")(Problem(space=rich_space), options={"levels": value})


@pytest.mark.parametrize("seed", [0, -1, 2**64 + 5])
def test_any_whole_number_is_a_seed(seed: int, rich_space: Space, make: Fixture) -> None:
    assert make("tpe", rich_space, seed=seed).ask(0, 0) == make("random", rich_space, seed=seed).ask(0, 0)


def _changes(found: list[dict[str, Value]], name: str) -> int:
    return sum(one[name] != other[name] for one, other in pairwise(found))


def test_a_grid_restarts_a_service_once_for_each_value_that_needs_it(
    parameter: Callable[..., Parameter], make: Fixture
) -> None:
    def of_service(name: str, scope: str) -> Parameter:
        apply = Apply(actuator="sysctl", options={"name": "vm.swappiness", "service": "db"})
        return replace(parameter(name, "int", low=0, high=2), apply=apply, scope=scope)

    # Without a service nothing has to restart, whatever the scope says.
    free = replace(parameter("free", "int", low=0, high=3), scope="restart")
    parameters = (free, of_service("reloaded", "reload"), of_service("restarted", "restart"))
    grid = make("grid", Space(parameters=parameters))

    found = [dict(config) for n in range(36) if (config := grid.ask(0, n)) is not None]

    assert len(found) == 36
    assert _changes(found, "restarted") == 2
    assert _changes(found, "reloaded") == 3 * 3 - 1
    assert _changes(found, "free") == 35
