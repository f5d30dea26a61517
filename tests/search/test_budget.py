from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from autotune.model.space import Space
from autotune.model.study import Budget, Cost, Plateau, Study, Target
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction, Metric, Workload
from autotune.search.budget import already, stop_reason


def _trials(*values: float | None, **rest: Any) -> list[Trial]:
    return [
        Trial(
            number=n,
            config={"x": n},
            origin="test",
            value=value,
            state=State.OK if value is not None else State.FAILED_CONFIG,
            **rest,
        )
        for n, value in enumerate(values)
    ]


def _study(budget: Budget, direction: Direction = "minimize") -> Study:
    metric = Metric(name="m", source="wall", direction=direction)
    workload = Workload(
        name="w", driver="command", folder=Path(), metrics=(metric,), space=Space(parameters=())
    )
    return Study(name="s", path=Path(), workload=workload, objective="m", budget=budget, baseline={})


def _reason(
    budget: Budget,
    trials: list[Trial],
    *,
    direction: Direction = "minimize",
    spent_s: float = 0.0,
    reserved_s: float = 0.0,
    volume: Callable[[Sequence[Trial]], float] | None = None,
    baseline: float | None = None,
) -> str:
    study = _study(budget, direction)
    return stop_reason(
        study, trials, spent_s=spent_s, reserved_s=reserved_s, baseline=baseline, volume=volume
    )


def test_the_search_goes_on_below_every_bound() -> None:
    budget = Budget(trials=3, wall_s=60, plateau=Plateau(trials=2, gain=0.01))

    assert _reason(budget, _trials(2.0, 1.0), spent_s=10, reserved_s=20) == ""


def test_failed_trials_are_paid_for() -> None:
    assert "all 3 trials" in _reason(Budget(trials=3), _trials(1.0, None, None))


@pytest.mark.parametrize("state", [State.RUNNING, State.INTERRUPTED])
def test_unfinished_trials_are_not_counted(state: State) -> None:
    unfinished = Trial(number=2, config={"x": 2}, origin="test", state=state)

    assert _reason(Budget(trials=3), [*_trials(1.0, 2.0), unfinished]) == ""


def test_the_validation_has_its_share_of_the_wall_time() -> None:
    budget = Budget(trials=100, wall_s=60)

    assert _reason(budget, [], spent_s=39, reserved_s=20) == ""
    assert _reason(budget, [], spent_s=40, reserved_s=20) == (
        "the wall time of 60 s is used up, with 20 s set aside for the validation"
    )


def test_a_plateau_ends_the_search_in_either_direction() -> None:
    budget = Budget(trials=100, plateau=Plateau(trials=3, gain=0.01))

    reason = "the last 3 trials improved the best by less than 1 %"
    assert _reason(budget, _trials(1.0, 5.0, 0.995, 2.0)) == reason
    assert _reason(budget, _trials(1.0, 5.0, 0.98, 2.0)) == ""
    assert _reason(budget, _trials(1.0, 0.5, 1.005, 0.3), direction="maximize") == reason
    assert _reason(budget, _trials(1.0, 0.5, 1.02, 0.3), direction="maximize") == ""


def test_a_plateau_needs_a_best_before_it() -> None:
    budget = Budget(trials=100, plateau=Plateau(trials=2, gain=0.01))

    assert _reason(budget, _trials(1.0, 1.0)) == ""
    assert _reason(budget, _trials(None, None, None, None)) == ""
    assert _reason(budget, _trials(1.0, 1.0, 1.0, violation=0.5)) == ""


def test_a_best_of_zero_or_below_is_compared_by_its_size() -> None:
    budget = Budget(trials=100, plateau=Plateau(trials=1, gain=0.1))

    assert _reason(budget, _trials(0.0, 0.0)) != ""
    assert _reason(budget, _trials(0.0, -0.001)) == ""
    assert _reason(budget, _trials(-10.0, -10.5)) != ""
    assert _reason(budget, _trials(-10.0, -12.0)) == ""


def test_a_plateau_of_several_objectives_is_one_of_what_their_trials_dominate() -> None:
    budget = Budget(trials=100, plateau=Plateau(trials=2, gain=0.01))
    volumes = {1: 0.0, 2: 0.2, 3: 0.3, 4: 0.301, 5: 0.3015}

    def why(count: int) -> str:
        return _reason(budget, _trials(*range(count)), volume=lambda known: volumes.get(len(known), 0.0))

    assert [bool(why(count)) for count in range(1, 6)] == [False, False, False, False, True]
    assert why(5) == "the last 2 trials improved the hypervolume of the front by less than 1 %"


def test_the_cost_counts_hours_of_the_machine_with_the_validation() -> None:
    budget = Budget(trials=100, cost=Cost(per_hour=0.36, most=0.1))

    assert _reason(budget, [], spent_s=979, reserved_s=20) == ""
    assert _reason(budget, [], spent_s=980, reserved_s=20) == (
        "the cost of 0.1 is used up (16 min 40 s at 0.36 an hour, with 20 s set aside for the validation)"
    )
    assert budget.bound_s == pytest.approx(1000)


def test_a_target_ends_the_search_in_either_direction() -> None:
    budget = Budget(trials=100, target=Target(bound=0.9))

    assert _reason(budget, _trials(2.0, 0.91)) == ""
    assert _reason(budget, _trials(2.0, 0.9)) == "the target of 0.9 is reached"
    assert _reason(budget, _trials(0.5, 0.89), direction="maximize") == ""
    assert "target" in _reason(budget, _trials(0.5, 0.9), direction="maximize")


def test_a_target_that_a_broken_limit_reached_is_not_reached() -> None:
    assert _reason(Budget(trials=100, target=Target(bound=0.9)), _trials(0.1, violation=0.2)) == ""


def test_a_target_that_the_baseline_reaches_is_noted_and_not_reached_by_what_is_worse() -> None:
    budget = Budget(trials=100, target=Target(bound=0.9))
    assert _reason(budget, _trials(0.8), baseline=0.5) == ""
    assert _reason(budget, _trials(0.4), baseline=0.5) == "the target of 0.9 is reached"
    study = _study(budget)
    assert "the baseline already reaches the target of 0.9" in already(study, 0.5)
    assert already(study, 1.0) == already(study, None) == already(_study(Budget(trials=5)), 0.5) == ""


def test_a_relative_target_rests_on_the_baseline() -> None:
    budget = Budget(trials=100, target=Target(bound=0.5, kind="relative"))

    assert _reason(budget, _trials(4.9), baseline=10.0) == "the target of 5 is reached"
    assert _reason(budget, _trials(5.1), baseline=10.0) == ""
    assert _reason(budget, _trials(0.1)) == ""


def test_a_search_whose_trials_all_come_near_the_best_has_converged() -> None:
    budget = Budget(trials=100, convergence=0.01)
    near = [1.0, *([1.005] * 9)]

    assert _reason(budget, _trials(3.0, *near)) == (
        "the search has converged: the last 10 trials all came within 1 % of the best"
    )
    assert _reason(budget, _trials(*near[:9])) == ""
    assert _reason(budget, _trials(*near, 1.5)) == ""
    assert _reason(budget, _trials(*near[:5], None, *near[5:])) == ""
    assert _reason(budget, _trials(0.5, *near)) == ""


def test_a_long_search_converges_over_a_fifth_of_it() -> None:
    budget = Budget(trials=1000, convergence=0.01)

    assert _reason(budget, _trials(*([3.0] * 80), 1.0, *([1.005] * 15))) == ""
    assert "last 20 trials" in _reason(budget, _trials(*([3.0] * 80), 1.0, *([1.005] * 19)))
