from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autotune.core.expression import parse
from autotune.model.answers import Answers
from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, config_key
from autotune.search.grid import Grid
from autotune.search.propose import Proposer
from autotune.search.random import Random


class _Stubborn:
    """A sampler that only ever answers the same."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def ask(self, _number: int, _attempt: int) -> Config:
        return self.config

    def tell(self, _trial: Any) -> None:
        """Learns nothing."""


def _proposer(space: Space, sampler: Any, **rest: Any) -> Proposer:
    first = rest.pop("first", ())
    return Proposer(Problem(space=space, seed=1, **rest), sampler, first=first)


def _all(proposer: Proposer) -> list[tuple[Config, str]]:
    found: list[tuple[Config, str]] = []
    while answer := proposer.next(len(found), {config_key(c) for c, _ in found}):
        found.append(answer)
    return found


@pytest.fixture
def random(small_space: Space) -> Random:
    return Random(Problem(space=small_space, seed=1), options={})


def test_given_configurations_come_first_pruned_and_in_order(small_space: Space, random: Random) -> None:
    first = [
        ({"mode": "b", "x": 2, "fast": True}, "enqueued"),
        ({"mode": "a", "x": 1, "fast": False}, "enqueued"),
    ]

    found = _all(_proposer(small_space, random, first=first))

    assert found[:2] == [
        ({"mode": "b", "x": 2, "fast": True}, "enqueued"),
        ({"mode": "a", "fast": False}, "enqueued"),
    ]
    assert {origin for _, origin in found[2:]} == {"random"}


def test_a_given_configuration_that_is_forbidden_is_left_out(small_space: Space, random: Random) -> None:
    first = [
        ({"mode": "b", "x": 3, "fast": True}, "enqueued"),
        ({"mode": "b", "x": 9, "fast": True}, "enqueued"),
    ]

    assert all(origin == "random" for _, origin in _all(_proposer(small_space, random, first=first)))


def test_risky_configurations_are_never_answered(small_space: Space, random: Random) -> None:
    found = _all(_proposer(small_space, random, allowed=lambda c: not c["fast"]))

    assert len(found) == 4
    assert not any(config["fast"] for config, _ in found)


def test_a_sampler_that_repeats_itself_does_not_stop_the_search(small_space: Space) -> None:
    proposer = _proposer(small_space, _Stubborn({"mode": "a", "fast": True}))

    found = _all(proposer)

    assert len(found) == 7
    assert found[0][1] == "_stubborn"
    assert {origin for _, origin in found[1:]} == {"random"}
    assert proposer.answers.repeated > 0
    assert proposer.answers.rejected == 0


def test_an_answer_that_breaks_a_rule_is_repaired_and_counted(small_space: Space) -> None:
    proposer = _proposer(small_space, _Stubborn({"mode": "b", "x": 3, "fast": True}))

    config, origin = proposer.next(0, set()) or ({}, "")

    assert origin == "_stubborn"
    assert sum(config.get(name) != value for name, value in proposer._sampler.config.items()) == 1
    assert proposer.answers == Answers(asked=8, rejected=8, repaired=1)


def test_the_second_repair_that_leads_to_the_same_gives_way(small_space: Space) -> None:
    proposer = _proposer(small_space, _Stubborn({"mode": "b", "x": 3, "fast": True}))

    found = _all(proposer)

    assert len(found) == 7
    assert [origin for _, origin in found].count("_stubborn") == 1
    assert (proposer.answers.repaired, proposer.answers.drawn) == (1, 6)


def test_an_answer_outside_the_domain_is_refused(small_space: Space) -> None:
    proposer = _proposer(small_space, _Stubborn({"mode": "b", "x": 40, "fast": False}))

    config, _ = proposer.next(0, set()) or ({}, "")

    assert config.get("x") != 40


def test_a_constraint_without_a_value_refuses(parameter: Callable[..., Parameter]) -> None:
    space = Space(
        parameters=(parameter("a", "int", low=0, high=2), parameter("b", "int", low=0, high=2)),
        constraints=(parse("a / b <= 1"),),
    )
    sampler = Random(Problem(space=space, seed=1), options={})

    configs = [config for config, _ in _all(_proposer(space, sampler))]

    assert len(configs) == 5
    assert all(config["b"] for config in configs)


def test_a_needle_in_a_large_space_is_found(parameter: Callable[..., Parameter]) -> None:
    space = Space(
        parameters=(parameter("a", "int", low=1, high=120), parameter("b", "int", low=1, high=120)),
        constraints=(parse("a * b == 119 * 120"), parse("a > b")),
    )
    sampler = Random(Problem(space=space, seed=1), options={})

    assert [c for c, _ in _all(_proposer(space, sampler))] == [{"a": 120, "b": 119}]

    small = Space(
        parameters=tuple(parameter(n, "int", low=1, high=60) for n in "ab"),
        constraints=(parse("a * b == 3540"),),
    )

    assert len(_all(_proposer(small, Random(Problem(space=small, seed=1), options={})))) == 2


def test_the_same_history_gives_the_same_answer(small_space: Space) -> None:
    def run() -> list[tuple[Config, str]]:
        return _all(_proposer(small_space, Random(Problem(space=small_space, seed=1), options={})))

    assert run() == run()


def test_a_grid_is_walked_to_its_end_past_many_refusals(parameter: Callable[..., Parameter]) -> None:
    space = Space(parameters=(parameter("a", "int", low=0, high=999),))
    grid = Grid(Problem(space=space, seed=3), options={"levels": 1000})

    found = _all(_proposer(space, grid, allowed=lambda c: c["a"] % 100 == 0))

    assert sorted(config["a"] for config, _ in found) == list(range(0, 1000, 100))
    assert {origin for _, origin in found} == {"grid"}


def test_a_grid_answers_what_is_allowed_alone_and_says_that_it_ended(
    parameter: Callable[..., Parameter],
) -> None:
    space = Space(
        parameters=(parameter("a", "int", low=0, high=9), parameter("b", "int", low=0, high=9)),
        constraints=(parse("a != 0"),),
    )
    grid = Grid(Problem(space=space, seed=3), options={"levels": 10})
    proposer = _proposer(space, grid)

    assert grid.ended == ""
    assert len(_all(proposer)) == 90
    assert proposer.answers.rejected == 0
    assert "every point of the grid" in grid.ended
