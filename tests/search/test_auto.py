"""`auto` and `gp`: learn, avoid what fails, and under noise look twice before they recommend."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autotune.core.errors import UsageError
from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, config_key
from autotune.model.trial import Sample, State, Trial
from autotune.search.auto import Auto
from autotune.search.draw import draw
from autotune.search.gp import GP
from autotune.search.propose import Proposer


@pytest.fixture
def space(parameter: Callable[..., Parameter]) -> Space:
    """6 x 16 x 2 x 4: the best is engine c, size 11, fast."""
    return Space(
        parameters=(
            parameter("engine", "choice", values=tuple("abcdef")),
            parameter("size", "ordinal", values=tuple(range(16))),
            parameter("fast", "bool", values=(False, True)),
            parameter("idle", "int", low=0, high=3),
        )
    )


def value(config: Config) -> float:
    """At least 10; `idle` changes nothing."""
    off = abs(config["size"] - 11) + 4 * ("cabdef".index(config["engine"])) + 3 * (not config["fast"])  # type: ignore[operator, arg-type]
    return 10.0 + off


def run(problem: Problem, sampler: Auto | GP, outcome: Callable[[int, Config], Trial]) -> list[Trial]:
    proposer, trials = Proposer(problem, sampler), list[Trial]()
    while len(trials) < (problem.trials or 0):
        answer = proposer.next(len(trials), {config_key(t.config) for t in trials})
        assert answer is not None
        trials.append(outcome(len(trials), answer[0]))
        sampler.tell(trials[-1])
    return trials


def ok(number: int, config: Config, measured: float | None = None) -> Trial:
    seen = value(config) if measured is None else measured
    return Trial(number=number, config=config, origin="auto", state=State.OK, value=seen)


@pytest.mark.parametrize("kind", [Auto, GP])
@pytest.mark.parametrize("seed", range(5))
def test_the_best_of_768_is_found_in_40(kind: type, seed: int, space: Space) -> None:
    problem = Problem(space=space, seed=seed, trials=40)
    trials = run(problem, kind(problem, options={}), ok)
    assert min(t.value for t in trials if t.value) <= 11


@pytest.mark.parametrize("seed", range(3))
def test_what_fails_is_avoided_while_there_is_something_to_find(seed: int, space: Space) -> None:
    """Later, around an optimum that was found, nothing is left: what hardly works is worth a look too."""

    def outcome(number: int, config: Config) -> Trial:
        if config["engine"] in {"a", "b", "d"}:
            return Trial(number=number, config=config, origin="auto", state=State.FAILED_CONFIG)
        return ok(number, config)

    problem = Problem(space=space, seed=seed, trials=40)
    trials = run(problem, Auto(problem, options={}), outcome)
    assert sum(t.state is State.FAILED_CONFIG for t in trials[10:30]) <= 4  # of 10 at random


def test_maximising_the_negative_is_minimising(space: Space) -> None:
    down = Problem(space=space, seed=4, trials=30)
    up = Problem(space=space, seed=4, trials=30, directions=("maximize",))

    least = run(down, Auto(down, options={}), ok)
    most = run(up, Auto(up, options={}), lambda n, c: ok(n, c, -value(c)))

    assert [t.config for t in least] == [t.config for t in most]


@pytest.fixture
def noise() -> Callable[[int, Config], Trial]:
    random = np.random.default_rng(8)
    return lambda number, config: ok(number, config, value(config) * float(np.exp(0.1 * random.normal())))


def test_the_last_tenth_of_a_noisy_search_measures_the_best_again(space: Space, noise) -> None:
    problem = Problem(space=space, seed=1, trials=50, noise=0.1)
    trials = run(problem, Auto(problem, options={}), noise)
    keys = [config_key(t.config) for t in trials]
    assert len(set(keys[:45])) == 45
    assert set(keys[45:]) <= set(keys[:45])


def test_a_search_without_noise_measures_nothing_twice(space: Space) -> None:
    problem = Problem(space=space, seed=1, trials=50, noise=0.0)
    trials = run(problem, Auto(problem, options={}), ok)
    assert len({config_key(t.config) for t in trials}) == 50


@pytest.mark.parametrize("seed", range(4))
def test_under_noise_belief_is_nearer_to_the_truth_than_what_was_seen(space: Space, seed: int) -> None:
    random = np.random.default_rng(seed)
    sampler = Auto(Problem(space=space, seed=seed, trials=60, noise=0.3), options={})
    for number in range(50):
        config = draw(space, random)
        sampler.tell(ok(number, config, value(config) * float(np.exp(0.3 * random.normal()))))

    belief = sampler._search.belief
    view = belief.view(0)

    assert view is not None
    true = np.log([value(config) for config in belief.known.configs])
    believed, seen = (np.corrcoef(true, found)[0, 1] for found in (view.means, view.seen.values[:, 0]))
    assert believed > seen + 0.05


def test_repeats_of_one_configuration_are_one(space: Space) -> None:
    problem = Problem(space=space, trials=20, noise=0.3)
    sampler = Auto(problem, options={})
    good = {"engine": "c", "size": 11, "fast": True, "idle": 0}
    for number, seen in enumerate((8.0, 12.0, 10.0)):
        sampler.tell(Trial(number=number, config=good, origin="auto", state=State.OK, value=seen))
    assert sampler.recommended(3) == (good,)


def test_a_mean_of_many_samples_counts_for_more(space: Space) -> None:
    def told(samples: int) -> float:
        problem = Problem(space=space, trials=20, noise=0.3)
        sampler = Auto(problem, options={})
        for number in range(12):
            config = {"engine": "c", "size": number, "fast": True, "idle": 0}
            few = tuple(Sample(state=State.OK) for _ in range(samples if number == 3 else 1))
            low = 5.0 if number == 3 else 10.0
            sampler.tell(
                Trial(number=number, config=config, origin="auto", state=State.OK, value=low, samples=few)
            )
        view = sampler._search.belief.view(0)
        assert view is not None
        return float(view.means[3])

    assert told(50) < told(1) - 0.1


def test_gp_refuses_several_objectives_and_auto_takes_them(space: Space) -> None:
    problem = Problem(space=space, trials=30, directions=("minimize", "maximize"))
    with pytest.raises(UsageError, match="takes one objective"):
        GP(problem, options={})

    def outcome(number: int, config: Config) -> Trial:
        further = (float(config["size"]),)  # type: ignore[arg-type]
        return Trial(
            number=number, config=config, origin="auto", state=State.OK, value=value(config), further=further
        )

    trials = run(problem, Auto(problem, options={}), outcome)
    assert max(t.further[0] for t in trials) >= 14
    assert min(t.value for t in trials if t.value) <= 12


def test_where_time_bounds_a_noisy_search_what_becomes_the_best_is_measured_twice(space: Space) -> None:
    problem = Problem(space=space, seed=1, trials=60, timed=True, noise=0.05)
    random = np.random.default_rng(1)
    trials = run(
        problem,
        Auto(problem, options={}),
        lambda number, config: ok(
            number, config, value(config) * float(np.exp(0.05 * random.standard_normal()))
        ),
    )
    searched = [config_key(t.config) for t in trials[:54]]
    counts = {key: searched.count(key) for key in searched}
    assert max(counts.values()) == 2
    assert 2 <= sum(count == 2 for count in counts.values()) <= 27
