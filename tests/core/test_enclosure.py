from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotune.core.enclosure import ANYTHING, Spread, enclosed, of_values
from autotune.core.expression import ExpressionError, parse

NUMBERS = st.integers(-20, 20) | st.floats(-5, 5).map(lambda x: round(x, 2)) | st.booleans()
VALUES = NUMBERS | st.sampled_from(["a", "b", None])
LEAVES = st.sampled_from(["x", "y", "z", "0", "1", "2", "-3", "0.5", "'a'", "true", "unset"])


def _binary(parts):
    operators = ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "and", "or"]
    return st.builds("({} {} {})".format, parts, st.sampled_from(operators), parts)


def _functions(parts):
    one = st.sampled_from(["abs", "ceil", "floor", "log2", "round", "sqrt", "-", "not "])
    two = st.sampled_from(["max", "min"])
    return st.builds("({}({}))".format, one, parts) | st.builds("{}({}, {})".format, two, parts, parts)


def _others(parts):
    chain = st.builds("({} <= {} < {})".format, parts, parts, parts)
    member = st.builds("({} {} [{}, {}])".format, parts, st.sampled_from(["in", "not in"]), parts, parts)
    return chain | member | st.builds("({} if {} else {})".format, parts, parts, parts)


EXPRESSIONS = st.recursive(LEAVES, lambda p: _binary(p) | _functions(p) | _others(p), max_leaves=8)


@settings(max_examples=400)
@given(EXPRESSIONS, st.fixed_dictionaries({n: st.lists(VALUES, min_size=1, max_size=4) for n in "xyz"}))
def test_no_value_lies_outside_the_enclosure(source, values):
    expression = parse(source)
    spread = enclosed(expression, {name: of_values(held) for name, held in values.items()})

    for x in values["x"]:
        for y in values["y"]:
            for z in values["z"]:
                try:
                    found = expression.evaluate({"x": x, "y": y, "z": z})
                except ExpressionError:
                    assert spread.fails
                    continue
                assert spread.can_be_true if found else spread.can_be_false
                if isinstance(found, (int, float)) and math.isfinite(found):
                    assert spread.low <= found <= spread.high
                elif isinstance(found, str) or found is None:
                    assert spread.others is None or found in spread.others


@pytest.mark.parametrize(
    ("source", "low", "high"),
    [
        ("x + y", -1, 14),
        ("x * y", -20, 40),
        ("x ** 2", 0, 16),
        ("x ** 3", -8, 64),
        ("y // 2", 0, 5),
        ("y % 3", 0, 3),
        ("y / 4", 0.25, 2.5),
        ("abs(x)", 0, 4),
        ("max(x, y)", 1, 10),
        ("sqrt(y)", 1, math.sqrt(10)),
        ("x if y > 20 else 7", 7, 7),
    ],
)
def test_ends_are_those_of_the_operation(source, low, high):
    found = enclosed(parse(source), {"x": Spread(-2, 4), "y": Spread(1, 10)})
    assert (found.low, found.high, found.fails) == (low, high, False)


@pytest.mark.parametrize("source", ["1 / x", "1 // x", "1 % x", "log2(x)", "sqrt(x)", "x + 'a'", "x ** 0.5"])
def test_what_may_have_no_value_says_so(source):
    assert enclosed(parse(source), {"x": Spread(-1, 1)}).fails


def test_an_unknown_name_can_be_anything():
    assert enclosed(parse("x"), {}) == ANYTHING
