from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotune.model.verdict import Effect
from autotune.report.words import change, number, percent, quantity


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (5128.4, "5,128"),
        (12.3456, "12.35"),
        (0.0012345, "0.001234"),
        (1234567, "1,234,567"),
        (3.2e12, "3.2e+12"),
        (2e-7, "2e-07"),
        (100.0, "100"),
        (-4.5, "-4.5"),
        (math.nan, "-"),
        (math.inf, "-"),
    ],
)
def test_numbers_have_four_significant_digits(value: float, shown: str) -> None:
    assert number(value) == shown


@given(st.floats(-1e300, 1e300))
def test_a_shown_number_is_the_number(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=6e-3)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (163.4, "1/s", "163.4 /s"),
        (12.5, "ms", "12.5 ms"),
        (7, "", "7"),
        (19e6, "B", "18.1 MiB"),
        (None, "ms", "-"),
        (1, "x\n\x1b[2Jy", "1 x y"),
    ],
)
def test_quantities_carry_their_unit(value: float | None, unit: str, shown: str) -> None:
    assert quantity(value, unit) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1.82, "+182 %"), (0.182, "+18.2 %"), (-0.0042, "-0.42 %"), (0, "+0 %"), (12.5, "+1,250 %")],
)
def test_shares_are_signed_percentages(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_where_less_is_better_the_change_is_the_metrics_own() -> None:
    effect = Effect(estimate=0.18, low=0.15, high=0.21, level=0.95)
    assert change(effect, "minimize", "s") == ("-18.0 %", "-21.0 %", "-15.0 %")
    assert change(effect, "maximize", "s") == ("+18.0 %", "+15.0 %", "+21.0 %")


def test_an_absolute_effect_has_the_unit_of_the_metric() -> None:
    effect = Effect(estimate=2, low=-1, high=5, level=0.95, relative=False)
    assert change(effect, "maximize", "ms") == ("+2 ms", "-1 ms", "+5 ms")
