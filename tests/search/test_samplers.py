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
from autotune.model.space import Apply, Parameter, Space, Value
from autotune.testing import PROMISES

# Two names for one class (`auto` for `tpe`) are tried once.
SAMPLERS = sorted({load("samplers", name): name for name in names("samplers")}.values())
Fixture = Callable[..., Any]


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_it_keeps_the_promise(promise: Fixture, name: str) -> None:
    promise(load("samplers", name))


@pytest.mark.parametrize("value", [0, -1, 2.5, "3", True])
def test_an_option_that_is_no_whole_number_is_refused(value: Any, rich_space: Space) -> None:
    with pytest.raises(UsageError, match="whole number"):
        load("samplers", "grid")(Problem(space=rich_space), options={"levels": value})


def test_whole_numbers_that_only_cost_memory_are_refused(rich_space: Space) -> None:
    with pytest.raises(UsageError, match="a whole number of at most 1,000,000, found 1000000000"):
        load("samplers", "tpe")(Problem(space=rich_space), options={"candidates": 10**9})


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
