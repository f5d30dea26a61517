from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.core.expression import ExpressionError, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a <= 0.25 * b", True),
        ("1 < a < b", True),
        ("mode == 'wal' and not off", True),
        ("mode in ['wal', 'memory']", True),
        ("mode not in ('wal',)", False),
        ("min(a, b) + max(1, 2) - abs(-3)", 2),
        ("ceil(log2(b)) if off == false else 0", 4),
        ("host.cpus // 2 % 2 ** 3", 1),
        ("nothing == unset or nothing > 3", True),
        ("sqrt(b) + floor(2.7) + round(1.2)", 6.4641016151377544),
    ],
)
def test_an_expression_has_its_value(text, value):
    known = {"a": 3, "b": 12, "mode": "wal", "off": False, "host.cpus": 2, "nothing": None}
    assert parse(text).evaluate(known) == pytest.approx(value)


def test_names_are_whole_with_their_dots_and_without_constants():
    assert parse("a + host.cpus > b and c != unset or true").names == {"a", "b", "c", "host.cpus"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "a.b()", "(lambda: 1)()", "[x for x in y]", "a[0]", "f'{a}'", "{1: 2}", "a := 1",
        "open('x')", "abs(x=1)", "''.__class__", "a is b", "~a", "a << 3", "a @ b", "await a", "*a",
        "b'x'", "1j", "", "a +", "a b", "a; b", "x" * 1001,
        "+".join(["a"] * 200), "(" * 300 + ")" * 300, "\0", "a\nb",
        "None", "...",
    ],
)  # fmt: skip
def test_whatever_is_not_in_the_language_is_refused(text):
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["missing > 1", "text + 1", "text * 1000", "text > 1", "1 / 0", "10 ** 100", "2.0 ** 64 ** 64",
     "log2(-1)",
     "sqrt(-1)", "(((9 ** 64) ** 64) ** 64) ** 64",
     "1 in 2", "nothing > 1", "'a' % 3", "[1] * 10",
     "[1] + [2]", "ceil(10.0 ** 64 * 10.0 ** 64 ** 64)", "max()"],
)  # fmt: skip
def test_an_expression_without_a_value_says_so(text):
    with pytest.raises(ExpressionError):
        parse(text).evaluate({"text": "abc", "nothing": None})


@given(st.text())
def test_any_text_is_an_expression_or_an_error(text):
    with suppress(ExpressionError):
        parse(text)


@given(
    st.integers(-100, 100), st.integers(-100, 100), st.sampled_from(["+", "-", "*", "<", "<=", "==", "!="])
)
def test_calculation_agrees_with_python(left, right, operator):
    assert parse(f"a {operator} b").evaluate({"a": left, "b": right}) == eval(f"{left} {operator} ({right})")
