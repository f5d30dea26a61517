from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.model.problem import Problem
from autotune.model.space import Parameter, Space, config_key
from autotune.search.draw import draw, generator
from autotune.search.fresh import design, fresh
from autotune.search.moves import again, neighbours, resettled, step
from autotune.search.scale import moved, on_line, placed, position
from autotune.search.shares import config_at, value_at
from autotune.testing.spaces import rich, small

SPACE = rich()
PARAMETERS = st.sampled_from(SPACE.parameters)
SHARES = st.floats(0, 1)


@given(PARAMETERS, SHARES)
def test_every_share_is_a_value_of_the_domain(parameter: Parameter, share: float) -> None:
    assert parameter.contains(value_at(parameter, share))


@given(PARAMETERS, SHARES)
def test_a_position_leads_back_to_its_value(parameter: Parameter, where: float) -> None:
    if not parameter.numeric and parameter.kind != "ordinal":
        return
    value = placed(parameter, where)

    assert parameter.contains(value)
    assert on_line(parameter, value)
    again_placed = placed(parameter, position(parameter, value))
    assert again_placed == value or math.isclose(float(again_placed), float(value), rel_tol=1e-9)


@given(PARAMETERS, SHARES, st.floats(-1, 1))
def test_a_move_goes_its_way_and_stays_inside(parameter: Parameter, where: float, by: float) -> None:
    if not parameter.numeric and parameter.kind != "ordinal":
        return
    value = placed(parameter, where)
    new = moved(parameter, value, by)

    if new is not None:
        assert parameter.contains(new)
        way = position(parameter, new) - position(parameter, value)
        assert way * by >= 0


@given(st.integers(0, 10**6))
def test_neighbours_differ_by_one_move_and_are_pruned(seed: int) -> None:
    config = draw(SPACE, generator(seed, 0, 0))
    found = list(neighbours(Problem(space=SPACE), config, generator(seed, 1, 0), radius=0.1))

    assert all(SPACE.pruned(c) == c for c in found)
    assert all(SPACE[n].contains(v) for c in found for n, v in c.items())
    assert config_key(config) not in map(config_key, found)
    for other in found:
        changed = [n for n in config if n in other and other[n] != config[n]]
        assert len(changed) <= 1


@given(st.integers(0, 10**6))
def test_resettling_moves_no_number_along_its_line(seed: int) -> None:
    config = draw(SPACE, generator(seed, 0, 0))

    for other in resettled(Problem(space=SPACE), config, generator(seed, 1, 0)):
        for name in config.keys() & other.keys():
            both = on_line(SPACE[name], config[name]) and on_line(SPACE[name], other[name])
            assert config[name] == other[name] or not both


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_random_steps_stay_inside(seed: int, count: int) -> None:
    config = draw(SPACE, generator(seed, 0, 0))
    other = step(Problem(space=SPACE), config, generator(seed, 1, 0), width=0.1, count=count)

    assert SPACE.pruned(other) == other
    assert all(SPACE[n].contains(v) for n, v in other.items())


def test_a_step_along_a_line_is_made_again(parameter: Callable[..., Parameter]) -> None:
    space = Space(parameters=(parameter("a", "int", low=0, high=100), parameter("b", "choice", values="xy")))

    assert again(space, {"a": 10, "b": "x"}, {"a": 20, "b": "x"}) == ({"a": 30, "b": "x"},)
    assert again(space, {"a": 10, "b": "x"}, {"a": 10, "b": "y"}) == ()
    assert again(space, {"a": 90, "b": "x"}, {"a": 100, "b": "x"}) == ()


def test_a_design_puts_one_configuration_into_each_stretch(parameter: Callable[..., Parameter]) -> None:
    space = Space(parameters=tuple(parameter(n, "float", low=0.0, high=1.0) for n in "abc"))
    found = design(Problem(space=space, seed=2), 10, purpose=1)

    assert all(sorted(int(10 * c[n]) for c in found) == list(range(10)) for n in "abc")


@pytest.mark.parametrize("count", [1, 7, 20])
def test_a_design_of_a_small_space_has_what_is_permitted(count: int) -> None:
    problem = Problem(space=small(), seed=2)
    found = design(problem, count, purpose=1)

    assert len({config_key(c) for c in found}) == len(found) == min(7, count)
    assert all(problem.permits(c) for c in found)


def test_there_is_nothing_fresh_in_an_exhausted_space() -> None:
    problem = Problem(space=small(), seed=2)
    seen: set[str] = set()
    while (config := fresh(problem, seen, generator(2, len(seen), 0))) is not None:
        seen.add(config_key(config))

    assert len(seen) == 7


def test_shares_give_special_values_their_weight() -> None:
    configs = [config_at(rich(), [share / 300] * 11) for share in range(300)]

    assert [c["pages"] for c in configs].count(-1) == 50
