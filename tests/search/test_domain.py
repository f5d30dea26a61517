from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.model.space import Apply, Parameter
from autotune.search.domain import at, index_of, members, nearest, nth, points, singles
from autotune.search.draw import draw_value, generator


@st.composite
def ranges(build: st.DrawFn) -> Parameter:
    """Any range of numbers, with or without log, step and special values."""
    kind = build(st.sampled_from(["int", "float"]))
    log = build(st.booleans())
    if kind == "int":
        low: float = build(st.integers(1 if log else -(10**6), 10**6))
        high: float = low + build(st.integers(1, 10**9))
        step: float | None = build(st.none() | st.integers(1, 50))
    else:
        low = build(st.floats(1e-6 if log else -1e6, 1e6))
        high = low + build(st.floats(1e-3, 1e6))
        step = build(st.none() | st.floats(1e-3, 10.0))
    special = tuple(build(st.lists(st.sampled_from([None, -1, 0]), max_size=2, unique=True)))
    rest: dict[str, Any] = {"low": low, "high": high, "log": log, "step": step, "special": special}
    return Parameter(name="p", kind=kind, default=low, apply=Apply(actuator="env"), **rest)


@given(ranges(), st.floats(0, 1, exclude_max=True))
def test_every_share_of_a_range_is_a_member(parameter: Parameter, share: float) -> None:
    value = at(parameter, share)

    assert parameter.contains(value)
    assert type(value) is {"int": int, "float": float}[parameter.kind]


@given(ranges(), st.integers(0, 10**4), st.integers(0, 2**32))
def test_draws_and_grid_levels_are_members(parameter: Parameter, number: int, seed: int) -> None:
    assert parameter.contains(draw_value(parameter, generator(seed, number, 0)))
    levels = members(parameter, 7)
    assert all(map(parameter.contains, levels))
    assert len(singles(parameter)) < len(levels) <= 7 + len(singles(parameter))


@given(ranges(), st.floats(-1e12, 1e12))
def test_the_nearest_member_is_a_member(parameter: Parameter, number: float) -> None:
    assert parameter.contains(nearest(parameter, number))


@given(ranges(), st.floats(0, 1, exclude_max=True))
def test_an_index_leads_back_to_its_value(parameter: Parameter, share: float) -> None:
    if math.isinf(points(parameter)):
        return
    index = int(share * points(parameter))

    assert index_of(parameter, nth(parameter, index)) == index


def test_steps_of_a_decimal_range_read_as_decimals(parameter: Callable[..., Parameter]) -> None:
    tenths = parameter("t", "float", low=0.1, high=0.9, step=0.1)

    assert [nth(tenths, i) for i in range(9)] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_draws_on_a_log_scale_are_even_over_the_decades(parameter: Callable[..., Parameter]) -> None:
    decades = parameter("d", "int", low=1, high=999_999, log=True)
    values = [draw_value(decades, generator(1, n, 0)) for n in range(3000)]

    for exponent in range(6):
        count = sum(10**exponent <= int(v or 0) < 10 ** (exponent + 1) for v in values)
        assert 400 < count < 600


def test_a_special_value_is_drawn_though_the_range_is_huge(parameter: Callable[..., Parameter]) -> None:
    huge = parameter("h", "int", low=0, high=10**9, special=(None,))
    values = [draw_value(huge, generator(1, n, 0)) for n in range(1000)]

    assert 150 < values.count(None) < 250


def test_grid_levels_hold_both_ends_and_every_single_value(parameter: Callable[..., Parameter]) -> None:
    assert members(parameter("i", "int", low=0, high=100, special=(-1,)), 5) == (-1, 0, 25, 50, 75, 100)
    assert members(parameter("l", "int", low=1, high=10_000, log=True), 5) == (1, 10, 100, 1000, 10_000)
    assert members(parameter("o", "ordinal", values=("a", "b", None)), 5) == (None, "a", "b")
    assert members(parameter("b", "bool", values=(False, True)), 1) == (False, True)


@pytest.mark.parametrize("size", [2**53 + 7, 2**62])
def test_integers_beyond_the_precision_of_floats_stay_inside(
    size: int, parameter: Callable[..., Parameter]
) -> None:
    vast = parameter("v", "int", low=0, high=size)

    assert all(vast.contains(draw_value(vast, generator(1, n, 0))) for n in range(100))
    assert nth(vast, size + 5) == size
