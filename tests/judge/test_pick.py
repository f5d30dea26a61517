from __future__ import annotations

from math import log
from pathlib import Path

import pytest

from autotune.judge.gains import gains
from autotune.judge.pick import order
from autotune.model.space import Space
from autotune.model.study import Budget, Objective, Pick, Study
from autotune.model.workload import Metric, Workload


def study(pick: Pick, **changes) -> Study:
    metrics = (
        Metric(name="speed", source="json", direction="maximize"),
        Metric(name="memory", source="json", direction="minimize"),
    )
    workload = Workload(
        name="w", driver="command", folder=Path(), metrics=metrics, space=Space(parameters=())
    )
    given = {"further": (Objective(metric="memory"),), **changes}
    budget = Budget(trials=1)
    return Study(
        name="s",
        path=Path(),
        workload=workload,
        objective="speed",
        pick=pick,
        budget=budget,
        baseline={},
        **given,
    )


BASE = (100.0, 50.0)
FRONT = [(150.0, 49.0), (140.0, 35.0), (105.0, 30.0)]
"""All better than the baseline in both: the fastest, the one between, the smallest."""


def ranked(pick: Pick, points=FRONT, missed=(), **changes) -> list[int]:
    what = study(pick, **changes)
    return list(order(what, gains(what, points, BASE), missed or [0.0] * len(points)))


def test_gains_are_logarithms_of_ratios_turned_so_that_positive_is_better():
    found = gains(study(Pick()), [(200.0, 100.0)], BASE)
    assert found.values[0] == pytest.approx([log(2), -log(2)])
    assert found.relative == (True, True)


def test_gains_of_values_that_are_not_all_positive_are_shares_of_the_largest_difference():
    found = gains(study(Pick()), [(-100.0, 50.0), (150.0, 50.0)], BASE)
    assert found.values[:, 0] == pytest.approx([-1.0, 0.25])
    assert found.relative == (False, True)


def test_the_knee_is_the_point_that_is_good_in_both():
    assert ranked(Pick())[0] == 1


def test_of_two_ends_the_knee_is_the_one_that_gives_up_less_of_what_can_be_had():
    assert ranked(Pick(), [(101.0, 45.0), (150.0, 46.0)]) == [1, 0]


def test_weights_say_what_a_gain_is_worth():
    assert ranked(Pick(kind="weights", weights={"speed": 10.0, "memory": 1.0}))[0] == 0
    assert ranked(Pick(kind="weights", weights={"speed": 1.0, "memory": 10.0}))[0] == 2


def test_lexicographic_takes_the_best_of_the_first_where_nothing_is_nearly_as_good():
    assert ranked(Pick(kind="lexicographic", within=0.0))[0] == 0


def test_lexicographic_takes_the_next_objectives_best_within_the_tolerance():
    assert ranked(Pick(kind="lexicographic", within=0.1)) == [1, 0, 2]
    assert ranked(Pick(kind="lexicographic", within=0.5))[0] == 2


def test_lexicographic_tolerates_the_margin_where_nothing_is_said():
    points = [(150.0, 49.0), (148.0, 40.0)]
    assert ranked(Pick(kind="lexicographic"), points) == [1, 0]


def test_bounded_takes_the_best_of_the_first_that_keeps_the_bounds():
    assert ranked(Pick(kind="bounded"), missed=[0.1, 0.0, 0.0]) == [1, 2, 0]


def test_what_loses_an_objective_by_more_than_its_margin_comes_last():
    points = [(900.0, 60.0), (500.0, 51.5), (101.0, 50.5)]
    assert ranked(Pick(), points) == [2, 1, 0]


def test_a_margin_of_its_own_says_what_an_objective_may_lose():
    wide = (Objective(metric="memory", min_gain=0.3),)
    assert ranked(Pick(), [(900.0, 60.0), (101.0, 50.5)], further=wide)[0] == 0


def test_behind_the_front_comes_the_front_of_the_rest():
    assert ranked(Pick(), [(120.0, 40.0), (130.0, 39.0), (125.0, 39.5)]) == [1, 2, 0]


def test_no_points_are_no_order():
    assert ranked(Pick(), []) == []
