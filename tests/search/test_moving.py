"""Samplers that move: local search, annealing, gradients, and the portfolio of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autotune.core.errors import UsageError
from autotune.core.registry import load
from autotune.model.problem import Problem
from autotune.model.space import Parameter, Space
from autotune.model.trial import State, Trial
from autotune.search.credit import Credit
from autotune.search.descent import difference
from autotune.search.genetic import fitted
from autotune.search.schedule import Schedule
from autotune.testing.spaces import good, search

Make = Callable[..., Parameter]


def _line(parameter: Make, count: int) -> Space:
    return Space(parameters=tuple(parameter(f"x{i}", "float", low=-1.0, high=2.0) for i in range(count)))


def _sphere(_: int, config: Any) -> float:
    return sum((x - 0.3) ** 2 for x in config.values()) + 1.0


def _best(
    name: str, problem: Problem, count: int, value: Callable[[int, Any], float], **options: Any
) -> float:
    sampler = load("samplers", name)(problem, options=options)
    trials = search(problem, sampler, count, outcome=good(value))
    return min(t.value for t in trials if t.value is not None)


@pytest.mark.parametrize("method", ["auto", "lbfgsb", "slsqp", "trust"])
def test_a_gradient_finds_the_bottom_of_a_bowl(method: str, parameter: Make) -> None:
    problem = Problem(space=_line(parameter, 4), seed=1, trials=60, noise=0.0)

    assert _best("gradient", problem, 60, _sphere, method=method) < 1.0 + 1e-4


def test_a_gradient_tries_other_categories_and_ints(parameter: Make) -> None:
    space = Space(
        parameters=(
            parameter("a", "int", low=1, high=10_000, log=True),
            parameter("b", "float", low=0.0, high=1.0),
            parameter("c", "choice", values=("p", "q", "r", "s")),
            parameter("d", "int", low=0, high=50, special=(-1,)),
        )
    )

    def value(_: int, config: Any) -> float:
        off = {"p": 3.0, "q": 0.0, "r": 2.0, "s": 4.0}[config["c"]] + (0.5 if config["d"] == -1 else 1.0)
        return off + (math.log10(config["a"]) - 2.2) ** 2 + (config["b"] - 0.6) ** 2 + 1.0

    assert _best("gradient", Problem(space=space, seed=1, trials=100, noise=0.0), 100, value) < 1.51


def test_noise_asks_for_another_method_and_a_longer_difference(parameter: Make) -> None:
    rng = np.random.default_rng(3)

    def noisy(_: int, config: Any) -> float:
        return _sphere(0, config) * float(np.exp(0.05 * rng.standard_normal()))

    assert (
        _best("gradient", Problem(space=_line(parameter, 4), seed=1, trials=80, noise=0.05), 80, noisy) < 1.1
    )
    assert difference(0.0, level=1.0, spread=1.0) < difference(None, level=1.0, spread=1.0)
    assert difference(None, level=1.0, spread=1.0) < difference(0.05, level=1.0, spread=1.0) <= 0.15


@pytest.mark.parametrize("name", ["local", "annealing"])
def test_moving_searches_find_the_best_of_many(name: str, parameter: Make) -> None:
    space = Space(parameters=tuple(parameter(f"p{i}", "ordinal", values=tuple(range(8))) for i in range(5)))

    def value(_: int, config: Any) -> float:
        return 1.0 + sum(abs(config[f"p{i}"] - i) for i in range(5))

    assert all(_best(name, Problem(space=space, seed=s, trials=120), 120, value) <= 2.0 for s in range(3))


@pytest.mark.parametrize("name", ["local", "annealing", "gradient"])
def test_what_failed_is_never_moved_to(name: str, parameter: Make) -> None:
    """Failures lie on the best side; a search that took them for good would stay among them."""
    problem = Problem(space=_line(parameter, 2), seed=1, trials=60)
    sampler = load("samplers", name)(problem, options={})

    def outcome(number: int, config: Any, origin: str) -> Trial:
        failed = config["x0"] < 0.5
        state = State.FAILED_CONFIG if failed else State.OK
        value = None if failed else config["x0"] + 1
        return Trial(number=number, config=config, origin=origin, state=state, value=value)

    trials = search(problem, sampler, 60, outcome=outcome)
    values = [t.value for t in trials if t.value is not None]

    assert min(values) < 1.55
    assert len(values) > 20


def test_annealing_converges_and_says_so(parameter: Make) -> None:
    problem = Problem(space=_line(parameter, 1), seed=1, trials=5000)
    sampler = load("samplers", "annealing")(problem, options={"reheats": 2})
    trials = search(problem, sampler, 5000, outcome=good(lambda _, __: 1.0))

    assert len(trials) < 5000
    assert "2 reheats in a row gained less than 0.1 %" in sampler.ended
    assert sampler.ask(5000, 0) is None


def test_a_portfolio_does_not_end_with_one_of_its_members(parameter: Make) -> None:
    problem = Problem(space=_line(parameter, 1), seed=1, trials=5000)
    sampler = load("samplers", "portfolio")(problem, options={"members": ["annealing", "random"]})
    alone = load("samplers", "annealing")(problem, options={})
    for trial in search(problem, alone, 5000, outcome=good(lambda _, __: 1.0)):
        sampler.tell(trial)

    assert "reheats in a row" in alone.ended
    assert sampler.ended == ""
    assert sampler.ask(5000, 0) is not None


def test_an_annealing_that_gains_goes_on(parameter: Make) -> None:
    problem = Problem(space=_line(parameter, 1), seed=1)
    sampler = load("samplers", "annealing")(problem, options={})
    trials = search(problem, sampler, 400, outcome=good(lambda n, _: -(1.02 ** (n // 30))))

    assert len(trials) == 400
    assert sampler.ended == ""


def test_the_temperature_falls_and_a_reheat_is_half_as_hot() -> None:
    schedule = Schedule(steps=50)
    heats = []
    for _ in range(60):
        heats.append(schedule.temperature)
        schedule = schedule.cooled()

    assert heats == sorted(heats, reverse=True)
    assert heats[0] == pytest.approx(2 * schedule.reheated(50, reheats=1).temperature)
    assert heats[-1] < heats[0] / 20
    assert schedule.accepts(-1.0, 0.0, 0.99)
    assert not schedule.accepts(1.0, 0.0, 0.0)


def test_populations_fit_the_budget() -> None:
    assert [fitted(n) for n in (None, 10, 300, 5000)] == [20, 4, 10, 50]
    assert [fitted(n, 2) for n in (None, 10, 120, 5000)] == [20, 8, 20, 50]


def test_credit_goes_to_who_found_new_bests_lately() -> None:
    credit = Credit(["early", "late", "never"])
    for name, best in [("early", True), ("late", False), ("never", False)] * 3:
        credit.take(name, best=best)
    for name, best in [("early", False), ("late", True), ("never", False)] * 3:
        credit.take(name, best=best)

    assert credit.order() == ["late", "early", "never"]


@pytest.mark.parametrize("members", [[], ["tpe", "tpe"], "tpe"])
def test_a_portfolio_refuses_what_is_no_list_of_samplers(members: Any, rich_space: Space) -> None:
    with pytest.raises(UsageError, match="list of different samplers"):
        load("samplers", "portfolio")(Problem(space=rich_space), options={"members": members})


@pytest.mark.parametrize(("name", "hint"), [("locl", "Did you mean 'local'?"), ("portfolio", "Known: ")])
def test_a_portfolio_names_the_member_that_there_is_not(name: str, hint: str, rich_space: Space) -> None:
    with pytest.raises(UsageError, match=f"no member '{name}'") as refused:
        load("samplers", "portfolio")(Problem(space=rich_space), options={"members": ["auto", name]})
    assert hint in str(refused.value)


@pytest.mark.parametrize("sequence", ["sobol", "halton", "latin"])
def test_a_sequence_fills_the_space_more_evenly_than_draws(sequence: str, parameter: Make) -> None:
    space = Space(parameters=tuple(parameter(n, "float", low=0.0, high=1.0) for n in "ab"))
    problem = Problem(space=space, seed=5, trials=64)
    sampler = load("samplers", "qmc")(problem, options={"sequence": sequence})
    xs = [t.config["a"] for t in search(problem, sampler, 64, outcome=good(_sphere))]

    assert len({int(16 * float(x or 0)) for x in xs}) == 16


def test_genetic_takes_four_objectives(rich_space: Space) -> None:
    problem = Problem(space=rich_space, seed=1, directions=("minimize",) * 4, trials=60)
    sampler = load("samplers", "genetic")(problem, options={})

    def outcome(number: int, config: Any, origin: str) -> Trial:
        more = (float(config["ratio"]), float(config["tenths"]), float(config["cache"]))
        return Trial(number=number, config=config, origin=origin, state=State.OK, value=1.0, further=more)

    whole = search(problem, sampler, 30, outcome=outcome)
    again = load("samplers", "genetic")(problem, options={})
    assert search(problem, again, 30, outcome=outcome, told=whole[:17]) == whole
