from __future__ import annotations

from dataclasses import replace

import pytest

from autotune.judge.margin import floored_plan, margin_told, recorded_floor
from autotune.judge.plan import Plan
from autotune.model.floor import Floor, read_floor

PLAN = Plan(metric="lat", direction="minimize", margin=0.02, alpha=0.05, pairs=40)
FLOOR = Floor(
    workload="w", metric="lat", value=0.05, relative=True, pairs=40, measured="2026-11-26T10:00:00+00:00"
)


def test_margin_is_the_larger_of_what_is_asked_for_and_the_floor() -> None:
    assert floored_plan(PLAN, FLOOR).margin == 0.05
    assert floored_plan(PLAN, replace(FLOOR, value=0.01)) == PLAN
    assert floored_plan(PLAN, None) == PLAN


def test_floor_in_the_metrics_unit_raises_that_margin_alone_and_makes_none_up() -> None:
    absolute = replace(FLOOR, relative=False, value=3.0)
    assert floored_plan(PLAN, absolute) == PLAN
    given = replace(PLAN, absolute_margin=1.0)
    assert (floored_plan(given, absolute).absolute_margin, floored_plan(given, absolute).margin) == (
        3.0,
        0.02,
    )
    assert floored_plan(given, FLOOR).absolute_margin == 1.0


def test_it_is_told_where_the_margin_is_the_floor_before_and_after_raising_it() -> None:
    told = margin_told(FLOOR, 0.02, None)
    assert told.startswith(
        "the margin is this machine's floor, 5 %: equal configurations of w seem to differ"
    )
    assert margin_told(FLOOR, floored_plan(PLAN, FLOOR).margin, None) == told
    assert margin_told(FLOOR, 0.06, None) == ""
    assert margin_told(None, 0.02, None) == ""
    assert margin_told(replace(FLOOR, relative=False), 0.02, None) == ""
    assert "floor, 0.05:" in margin_told(replace(FLOOR, relative=False), 0.02, 0.01)


def test_a_run_without_a_floor_has_none() -> None:
    assert recorded_floor({}) is None
    assert recorded_floor({"floor": None}) is None
    assert recorded_floor({"floor": FLOOR.plain()}) == FLOOR


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": -1.0}, "'value' is no size"),
        ({"value": float("nan")}, "'value' is no size"),
        ({"value": "5 %"}, "'value' is missing or of a wrong kind"),
        ({"metric": None}, "'metric' is missing"),
    ],
)
def test_what_is_no_floor_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_floor({**FLOOR.plain(), **change})
    with pytest.raises(ValueError, match="'workload' is missing"):
        read_floor([1])
