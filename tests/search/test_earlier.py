"""Earlier trials help where they foretell, and lose their weight where they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, config_key
from autotune.model.trial import State, Trial
from autotune.search.auto import Auto
from autotune.search.belief import Belief
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


def foreknowledge(space: Space, earlier: tuple[Trial, ...], sign: float, seed: int) -> float:
    """Rank correlation of what is believed of fresh configurations after 12 outcomes with what is true."""
    belief = Belief(Problem(space=space, earlier=earlier), codes := Codes(space))
    random = np.random.default_rng(seed)
    for number in range(12):
        config = draw(space, random)
        value = 1000.0 + sign * bowl(config)
        belief.tell(Trial(number=number, config=config, origin="auto", state=State.OK, value=value))
    view = belief.view(12)
    assert view is not None
    rows = codes.drawn(200, random)
    truth = [sign * bowl(codes.config(row)) for row in rows]
    return float(spearmanr(view.value.at(view.features(rows))[0], truth).statistic)


def test_what_proves_true_is_believed_and_what_proves_contrary_is_not(space: Space) -> None:
    told = trials(space, bowl)
    true = [foreknowledge(space, told, 1.0, seed) for seed in range(5)]
    contrary = [foreknowledge(space, told, -1.0, seed) for seed in range(5)]
    cold = [foreknowledge(space, (), -1.0, seed) for seed in range(5)]
    assert min(true) > 0.9
    assert np.mean(contrary) > np.mean(cold) - 0.1


def test_a_shift_of_all_values_is_no_contradiction(space: Space) -> None:
    earlier = Earlier(Problem(space=space, earlier=trials(space, bowl)), codes := Codes(space))
    rows = codes.drawn(10, np.random.default_rng(2))
    then = np.log([bowl(codes.config(row)) for row in rows])
    shifted = earlier.values(rows, then + 3.0) - earlier.values(rows, then)
    assert shifted == pytest.approx(3.0)


def test_of_a_long_earlier_study_the_best_are_kept(space: Space) -> None:
    told = trials(space, bowl, 600)
    earlier = Earlier(Problem(space=space, earlier=told), codes := Codes(space))
    best = codes.row(min(told, key=lambda trial: trial.value or 0.0).config)
    assert len(earlier.rows) == 150
    assert (earlier.rows == best).all(axis=1).any()


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
