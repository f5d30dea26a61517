"""What a sampler makes of a trial that was aborted: a bound to learn from, neither a failure nor a best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, config_key
from autotune.model.study import Budget, Study, Target
from autotune.model.trial import State, Trial
from autotune.search.auto import Auto
from autotune.search.budget import stop_reason
from autotune.search.codes import Codes
from autotune.search.engine import measured
from autotune.search.history import FAILED, merit
from autotune.search.known import Known
from autotune.testing.spaces import search

BOUND = 20.0


@pytest.fixture
def problem(parameter: Callable[..., Parameter]) -> Problem:
    """6 x 16 x 2: the best is engine c, size 11, fast; more than half are above the bound."""
    space = Space(
        parameters=(
            parameter("engine", "choice", values=tuple("abcdef")),
            parameter("size", "ordinal", values=tuple(range(16))),
            parameter("fast", "bool", values=(False, True)),
        )
    )
    return Problem(space=space, seed=3, trials=40)


def value(config: Config) -> float:
    """At least 10."""
    engine, size = "cabdef".index(str(config["engine"])), int(config["size"] or 0)
    return 10.0 + abs(size - 11) + 4 * engine + 3 * (not config["fast"])


def outcome(number: int, config: Config, origin: str = "auto") -> Trial:
    seen = value(config)
    state = State.OK if seen <= BOUND else State.ABORTED
    return Trial(number=number, config=config, origin=origin, state=state, value=min(seen, BOUND))


CONFIG: Config = {"engine": "a", "size": 2, "fast": True}
ABORTED = Trial(number=0, config=CONFIG, origin="auto", state=State.ABORTED, value=BOUND)


def test_it_has_a_value_and_has_not_failed() -> None:
    assert State.ABORTED.valued
    assert not State.ABORTED.failed


def test_it_is_worth_its_bound(problem: Problem) -> None:
    found = merit(problem, ABORTED)
    assert found is not None
    assert found.feasible
    assert found.loss == BOUND
    assert found < FAILED
    assert measured(ABORTED, 1) == (BOUND,)


def test_the_surrogate_takes_it_as_what_works_and_knows_it_for_a_bound(problem: Problem) -> None:
    known = Known(problem, Codes(problem.space))
    known.take(ABORTED)
    known.take(outcome(1, {**CONFIG, "engine": "c", "size": 11}))
    seen = known.seen(2)
    assert seen.worked.all()
    assert seen.bounds.tolist() == [True, False]


def test_what_ended_once_is_no_bound_any_more(problem: Problem) -> None:
    known = Known(problem, Codes(problem.space))
    known.take(ABORTED)
    known.take(replace(ABORTED, number=1, state=State.OK, value=11.0))
    assert known.seen(2).bounds.tolist() == [False]


def test_bounds_are_no_repeats_that_noise_is_told_from(problem: Problem) -> None:
    known = Known(problem, Codes(problem.space))
    for number in range(3):
        known.take(replace(ABORTED, number=number))
    assert known.within(3) == (0.0, 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_is_found_where_most_are_aborted(seed: int, problem: Problem) -> None:
    space = problem.space
    made = Problem(space=space, seed=seed, trials=40)
    trials = search(made, Auto(made, options={}), 40, outcome=outcome)
    assert any(t.state is State.ABORTED for t in trials)
    assert min(value(t.config) for t in trials) <= 11


def test_what_was_aborted_is_neither_recommended_nor_measured_again(problem: Problem) -> None:
    noisy = Problem(space=problem.space, seed=1, trials=30, noise=0.05)
    sampler = Auto(noisy, options={})
    trials = search(noisy, sampler, 30, outcome=outcome)
    ended = {config_key(t.config) for t in trials if t.state is State.OK}
    named = [config_key(config) for config in sampler.recommended(100)]
    assert named
    assert set(named) <= ended
    again = sampler.again(29)
    assert again is not None
    assert config_key(again) in ended


def test_nothing_is_recommended_where_all_was_aborted(problem: Problem) -> None:
    noisy = Problem(space=problem.space, seed=1, trials=10, noise=0.05)
    sampler = Auto(noisy, options={})
    for size in range(9):
        aborted = replace(ABORTED, number=size, config={**CONFIG, "size": size})
        sampler.tell(aborted)
    assert sampler.recommended(3) == ()
    assert sampler.again(9) is None
    assert sampler.ask(9, 0) is not None


def test_a_bound_reaches_no_target_and_counts_as_a_trial() -> None:
    study = Study(
        name="s",
        path=Path("s.yaml"),
        workload=SimpleNamespace(metric=lambda _: SimpleNamespace(direction="minimize")),  # type: ignore[arg-type]
        objective="seconds",
        budget=Budget(trials=2, target=Target(bound=BOUND)),
        baseline={},
    )
    assert stop_reason(study, [ABORTED], spent_s=0.0) == ""
    assert "2 trials" in stop_reason(study, [ABORTED, ABORTED], spent_s=0.0)
    ended = replace(ABORTED, state=State.OK)
    assert "target" in stop_reason(study, [ended], spent_s=0.0)
