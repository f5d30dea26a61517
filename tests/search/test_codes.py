"""Rows of codes stand for configurations, both ways."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autotune.model.space import Parameter, Space, config_key
from autotune.search.codes import Axis, Codes, keys
from autotune.search.domain import at, points
from autotune.search.draw import draw, generator
from autotune.testing.spaces import rich, wide


def test_a_configuration_comes_back_from_its_row(rich_space: Space) -> None:
    codes = Codes(rich_space)
    for number in range(200):
        config = draw(rich_space, generator(1, number, 0))
        row = codes.row(config)
        assert row is not None
        back = codes.config(row)
        assert back.keys() == config.keys()
        for name, value in config.items():
            assert back[name] == (pytest.approx(value) if isinstance(value, float) else value)


def test_drawn_rows_are_configurations_of_the_space(rich_space: Space) -> None:
    codes = Codes(rich_space)
    for row in codes.drawn(300, generator(2, 0, 0)):
        config = codes.config(row)
        assert all(rich_space[name].contains(value) for name, value in config.items())
        assert rich_space.pruned(config) == config


@pytest.mark.parametrize("seed", range(3))
def test_canonical_rows_differ_exactly_where_their_configurations_do(rich_space: Space, seed: int) -> None:
    codes = Codes(rich_space)
    rows = codes.canonical(np.vstack([codes.drawn(100, generator(seed, 0, 0))] * 2))
    configs = {config_key(codes.config(row)) for row in rows}
    assert len(configs) == len(rows) == len(set(keys(rows))) == 100


def test_an_inactive_parameter_makes_no_difference(small_space: Space) -> None:
    codes = Codes(small_space)
    rows = np.array([codes.row({"mode": "a", "x": x, "fast": True}) for x in (1, 2, 3)])
    assert len(codes.canonical(rows)) == 1


def test_what_the_space_does_not_hold_has_no_row(small_space: Space) -> None:
    codes = Codes(small_space)
    assert codes.row({"mode": "c", "fast": True}) is None
    assert codes.row({"mode": "a", "fast": True, "gone": 1}) is None


def test_two_categories_lie_one_apart_and_ends_of_a_line_too(parameter: Callable[..., Parameter]) -> None:
    choice = Axis(parameter("engine", "choice", values=("a", "b", "c")))
    line = Axis(parameter("size", "ordinal", values=(1, 2, 4, 8)))
    wide = Axis(parameter("wide", "int", low=1, high=10**6, log=True))
    for axis, one, other in ((choice, "a", "c"), (line, 1, 8), (wide, 1, 10**6)):
        places = axis.features(np.array([axis.code(one), axis.code(other)]))
        assert np.linalg.norm(places[0] - places[1]) == pytest.approx(1)


def test_a_special_value_lies_beside_the_line(parameter: Callable[..., Parameter]) -> None:
    axis = Axis(parameter("pages", "int", low=0, high=100, special=(-1, None)))
    special, unset, middle = axis.features(np.array([axis.code(-1), axis.code(None), axis.code(50)]))
    assert np.linalg.norm(special - middle) == pytest.approx(1)
    assert np.linalg.norm(special - unset) > 1


def test_draws_weigh_a_single_value_as_a_quarter_of_the_line(parameter: Callable[..., Parameter]) -> None:
    axis = Axis(parameter("cache", "int", low=1, high=10**6, log=True, special=(0,)))
    codes = axis.drawn(20_000, np.random.default_rng(3))
    assert np.mean(codes == 0) == pytest.approx(1 / 5, abs=0.01)
    assert np.median([axis.value(c) for c in codes if c >= 1]) == pytest.approx(1000, rel=0.15)  # type: ignore[arg-type]


def test_a_default_outside_its_domain_is_coded_as_the_nearest_value(
    parameter: Callable[..., Parameter],
) -> None:
    space = Space(parameters=(parameter("swappiness", "int", low=0, high=100, default=150),))
    codes = Codes(space)
    assert codes.config(codes.defaults) == {"swappiness": 100}


@pytest.mark.parametrize("space", [rich(), wide(8)], ids=["rich", "wide"])
def test_draws_of_many_are_those_of_one_at_a_time(space: Space) -> None:
    shares = np.random.default_rng(0).random(400)
    for axis in Codes(space).axes:
        weight = min(points(axis.parameter), 4)
        places = shares * (axis.first + weight)
        one_by_one = [
            axis.code(at(axis.parameter, (place - axis.first) / weight))
            if place >= axis.first
            else float(int(place))
            for place in places.tolist()
        ]
        assert axis.at_shares(shares) == pytest.approx(one_by_one, abs=1e-12)
