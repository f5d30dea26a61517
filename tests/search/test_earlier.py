"""Earlier trials help where they foretell, and lose their weight where they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, config_key
from autotune.model.trial import State, Trial
from autotune.search.auto import Auto
from autotune.search.codes import Codes
from autotune.search.draw import draw
from autotune.search.earlier import Earlier
from autotune.search.propose import Proposer


@pytest.fixture
def space(parameter: Callable[..., Parameter]) -> Space:
    return Space(parameters=tuple(parameter(name, "int", low=0, high=15) for name in "abcd"))


def bowl(config: Config, centre: int = 11) -> float:
    return 10.0 + sum((int(value) - centre) ** 2 for value in config.values())  # type: ignore[arg-type]


def trials(space: Space, value: Callable[[Config], float], count: int = 40) -> tuple[Trial, ...]:
    random = np.random.default_rng(1)
    configs = [draw(space, random) for _ in range(count)]
    return tuple(
        Trial(number=n, config=config, origin="random", state=State.OK, value=value(config))
        for n, config in enumerate(configs)
    )


def best(problem: Problem, value: Callable[[Config], float]) -> float:
    sampler = Auto(problem, options={})
    proposer, done = Proposer(problem, sampler), list[Trial]()
    while len(done) < (problem.trials or 0):
        answer = proposer.next(len(done), {config_key(t.config) for t in done})
        assert answer is not None
        trial = Trial(
            number=len(done), config=answer[0], origin="auto", state=State.OK, value=value(answer[0])
        )
        sampler.tell(trial)
        done.append(trial)
    return min(t.value for t in done if t.value is not None)


def test_a_true_foretelling_finds_more_in_ten_trials(space: Space) -> None:
    earlier = trials(space, bowl)
    for seed in range(3):
        warm = best(Problem(space=space, earlier=earlier, trials=10, seed=seed), bowl)  # its start is cold
        assert warm <= best(Problem(space=space, trials=10, seed=seed), bowl)


def test_trust_falls_with_contrary_outcomes_and_stays_with_true_ones(space: Space) -> None:
    earlier = Earlier(Problem(space=space, earlier=trials(space, bowl)), codes := Codes(space))
    random = np.random.default_rng(2)
    rows = codes.drawn(40, random)
    foretold = earlier.foretold(rows)
    assert earlier.trust(foretold[:0], foretold[:0]) == pytest.approx(1.0)
    assert earlier.trust(foretold, foretold + 3.0) == pytest.approx(1.0)
    assert earlier.trust(foretold, -foretold) == 0.0
    assert earlier.trust(foretold, random.standard_normal(40) * foretold.std()) < 0.5


def test_trials_from_another_space_say_nothing(space: Space) -> None:
    foreign = (Trial(number=0, config={"z": 1}, origin="random", state=State.OK, value=1.0),)
    sampler = Auto(Problem(space=space, earlier=foreign, trials=10), options={})
    assert sampler.ask(0, 0) == Auto(Problem(space=space, trials=10), options={}).ask(0, 0)


def test_what_failed_then_is_avoided_until_it_proves_to_work(space: Space) -> None:
    def flat(config: Config) -> float:
        return bowl({name: value for name, value in config.items() if name != "a"})

    def worked(config: Config) -> bool:
        return int(config["a"]) < 8  # type: ignore[arg-type]

    earlier = tuple(
        t if worked(t.config) else replace(t, state=State.FAILED_CONFIG, value=None)
        for t in trials(space, flat, 60)
    )
    sampler = Auto(Problem(space=space, earlier=earlier, trials=30), options={"startup": 3})
    asked = []
    for number in range(12):
        config = sampler.ask(number, 0)
        asked.append(config)
        state = State.OK if worked(config) else State.FAILED_CONFIG
        value = flat(config) if worked(config) else None
        sampler.tell(Trial(number=number, config=config, origin="auto", state=state, value=value))
    assert sum(map(worked, asked[3:])) >= 7
