from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.measure.number import MetricError, finite, from_data, from_text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_reads_back(value: float) -> None:
    assert from_text(repr(value), "") == value
    assert from_data(value) == value


@pytest.mark.parametrize(
    "text",
    ["1,5", "nan", "NaN", "inf", "-inf", "Infinity", "1e400", "", " ", "12 apples", "0x10", "1_000"],
)
def test_text_that_is_no_finite_number_is_never_a_value(text: str) -> None:
    with pytest.raises(MetricError) as caught:
        from_text(text, "ms")
    assert caught.value.kind == "bad_metric"


@pytest.mark.parametrize(
    "value", [True, False, None, "5", "1,5", [], {}, float("nan"), float("inf"), 10**400, "x" * 1000]
)
def test_data_that_is_no_finite_number_is_never_a_value(value: Any) -> None:
    with pytest.raises(MetricError) as caught:
        from_data(value)
    assert caught.value.kind == "bad_metric"
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "unit", "value"), [("870us", "ms", 0.87), ("1.5 s", "ms", 1500), ("2", "ms", 2), ("-3", "", -3)]
)
def test_quantity_is_converted(text: str, unit: str, value: float) -> None:
    assert from_text(text, unit) == pytest.approx(value)


def test_whole_number_becomes_a_float() -> None:
    assert isinstance(finite(3), float)
