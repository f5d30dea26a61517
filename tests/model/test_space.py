from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autotune.core.expression import ExpressionError, parse
from autotune.model.space import Apply, Parameter, Space, config_key, shown


def _parameter(name: str, **rest: Any) -> Parameter:
    fields: dict[str, Any] = {"kind": "int", "default": 1, "low": 0, "high": 9, **rest}
    if "when" in fields:
        fields["when"] = parse(fields["when"])
    return Parameter(name=name, apply=Apply(actuator="env"), **fields)


_values = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text(max_size=3)
_configs = st.dictionaries(st.text(max_size=3), _values, max_size=4)


@st.composite
def _spaces(build: st.DrawFn) -> Space:
    """Parameters a to e, each perhaps with a condition on any other, circles included."""
    names = "abcde"
    conditions = [build(st.none() | st.sampled_from(names)) for _ in names]
    limits = [build(st.integers(0, 9)) for _ in names]
    return Space(
        parameters=tuple(
            _parameter(name, **({} if on is None else {"when": f"{on} >= {limit}"}))
            for name, on, limit in zip(names, conditions, limits, strict=True)
        )
    )


@given(_spaces(), st.fixed_dictionaries({name: st.integers(0, 9) for name in "abcde"}))
def test_pruning_ends_and_pruning_again_changes_nothing(space: Space, config: dict[str, int]) -> None:
    pruned = space.pruned(config)

    assert space.pruned(pruned) == pruned
    assert list(pruned) == [name for name in space.names if name in pruned]
    assert pruned.items() <= config.items()


@given(_spaces(), st.fixed_dictionaries({name: st.integers(0, 9) for name in "abcde"}), st.randoms())
def test_pruning_does_not_depend_on_the_order_given(space: Space, config: dict[str, int], order: Any) -> None:
    names = list(config)
    order.shuffle(names)

    assert space.pruned({name: config[name] for name in names}) == space.pruned(config)


def test_a_chain_of_conditions_falls_with_its_head() -> None:
    space = Space(parameters=(_parameter("c", when="b > 0"), _parameter("b", when="a > 0"), _parameter("a")))

    assert space.pruned({"a": 1, "b": 1, "c": 1}) == {"c": 1, "b": 1, "a": 1}
    assert space.pruned({"a": 0, "b": 1, "c": 1}) == {"a": 0}


def test_conditions_that_wait_for_each_other_are_never_met() -> None:
    space = Space(parameters=(_parameter("a", when="b > 0"), _parameter("b", when="a > 0"), _parameter("c")))

    assert space.pruned({"a": 1, "b": 1, "c": 1}) == {"c": 1}


def test_a_condition_on_an_unset_parameter_is_not_met() -> None:
    space = Space(parameters=(_parameter("a", special=(None,)), _parameter("b", when="a > 2")))

    assert space.pruned({"a": None, "b": 1}) == {"a": None}
    assert space.pruned({"a": 3, "b": 1}) == {"a": 3, "b": 1}


def test_a_condition_may_ask_for_unset() -> None:
    space = Space(parameters=(_parameter("a", special=(None,)), _parameter("b", when="a == unset")))

    assert space.pruned({"a": None, "b": 1}) == {"a": None, "b": 1}


def test_a_condition_that_makes_no_sense_is_not_swallowed() -> None:
    space = Space(parameters=(_parameter("a"), _parameter("b", when="a > 'x'")))

    with pytest.raises(ExpressionError):
        space.pruned({"a": 1, "b": 1})


def test_a_condition_may_name_facts_of_the_host() -> None:
    parameters = (_parameter("a", when="host.cpus > 1"),)

    assert Space(parameters=parameters, facts={"host.cpus": 2}).pruned({"a": 1}) == {"a": 1}
    assert Space(parameters=parameters, facts={"host.cpus": 1}).pruned({"a": 1}) == {}


@given(_configs, _configs)
def test_keys_are_equal_where_configurations_are(left: dict[str, Any], right: dict[str, Any]) -> None:
    def exact(config: dict[str, Any]) -> dict[str, Any]:
        return {name: (type(value), str(value)) for name, value in config.items()}

    assert (config_key(left) == config_key(right)) == (exact(left) == exact(right))
    assert config_key(dict(reversed(left.items()))) == config_key(left)


@given(st.integers(-(10**9), 10**9), st.integers(1, 1000), st.integers(0, 1000))
def test_every_step_of_an_integer_range_is_inside_and_nothing_between(
    low: int, step: int, index: int
) -> None:
    parameter = _parameter("p", low=low, high=low + 1000 * step, step=step)

    assert parameter.contains(low + index * step)
    assert step == 1 or not parameter.contains(low + index * step + 1)
    assert parameter.size() == 1001


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.integers(0, 1000))
def test_steps_of_a_float_range_forgive_rounding_only(low: float, step: float, index: int) -> None:
    parameter = _parameter("p", kind="float", low=low, high=low + 1001 * step, step=step)

    assert parameter.contains(low + index * step)
    assert not parameter.contains(low + (index + 0.5) * step)


@given(_values, _values)
def test_only_the_listed_value_of_the_listed_type_is_inside(listed: Any, value: Any) -> None:
    assume(listed == listed and value == value)  # noqa: PLR0124  NaN
    parameter = _parameter("p", kind="choice", values=(listed,))

    assert parameter.contains(value) == (listed == value and type(listed) is type(value))


@pytest.mark.parametrize("value", [True, "3", None, 2.0, -1, 10])
def test_an_integer_range_holds_no_other_kind_of_value(value: Any) -> None:
    assert not _parameter("p").contains(value)


def test_a_constraint_over_what_is_absent_or_unset_holds() -> None:
    space = Space(
        parameters=(_parameter("a", special=(None,)), _parameter("b")), constraints=(parse("a <= b"),)
    )

    assert space.violated({"b": 1}) == ()
    assert space.violated({"a": None, "b": 1}) == ()
    assert [str(c) for c in space.violated({"a": 2, "b": 1})] == ["a <= b"]


def test_risks_name_the_parameters_that_bring_them() -> None:
    risk = parse("mode == 'off'")
    space = Space(
        parameters=(
            _parameter("mode", kind="choice", values=("off", "full"), risks={"durability": risk}),
            _parameter("late", when="mode == 'full'", risks={"durability": parse("late > 5")}),
        )
    )

    assert space.risks({"mode": "off"}) == {"durability": ("mode",)}
    assert space.risks({"mode": "full", "late": 6}) == {"durability": ("late",)}
    assert space.risks({"mode": "full", "late": 1}) == {}


def test_an_unset_parameter_brings_no_risk_that_compares_it() -> None:
    parameter = _parameter("a", special=(None,), risks={"durability": parse("a < 3")})

    assert Space(parameters=(parameter,)).risks({"a": None}) == {}
    assert Space(parameters=(parameter,)).risks({"a": 1}) == {"durability": ("a",)}


@pytest.mark.parametrize(
    ("value", "text"), [(None, "unset"), (True, "true"), (0.25, "0.25"), (3, "3"), ("a b", "a b")]
)
def test_values_are_shown_as_they_are_written(value: Any, text: str) -> None:
    assert shown(value) == text
