from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from autotune.model.space import Config, Parameter, Space
from autotune.model.trial import State, Trial
from autotune.search.draw import draw, generator
from autotune.search.encode import decoded, distributions, encoded

Fixture = Callable[..., Any]


def _told(sampler: Any, configs: list[tuple[Config, State, float | None, float]]) -> Any:
    for number, (config, state, value, violation) in enumerate(configs):
        trial = {"number": number, "config": config, "origin": "test"}
        sampler.tell(Trial(**trial, state=state, value=value, violation=violation))
    return sampler


@pytest.fixture
def line(parameter: Callable[..., Parameter]) -> Space:
    return Space(parameters=(parameter("x", "float", low=0.0, high=1.0),))


def _answers(sampler: Any, number: int, count: int = 40) -> list[float]:
    return [sampler.ask(number, attempt)["x"] for attempt in range(count)]


def test_failed_configurations_are_avoided(line: Space, make: Fixture) -> None:
    """Failures fill the upper half; nothing tells the lower half's values apart."""
    told: list[Any] = [({"x": i / 20}, State.OK, 5.0, 0.0) for i in range(10)]
    told += [({"x": i / 20}, State.FAILED_CONFIG, None, 0.0) for i in range(10, 20)]

    low = [x for x in _answers(_told(make("tpe", line), told), 20) if x < 0.5]

    assert len(low) > 30


def test_a_missed_limit_counts_more_than_a_good_value(line: Space, make: Fixture) -> None:
    told: list[Any] = [({"x": i / 20}, State.OK, 5.0, -0.1) for i in range(10)]
    told += [({"x": i / 20}, State.OK, 1.0, 0.3) for i in range(10, 20)]

    low = [x for x in _answers(_told(make("tpe", line), told), 20) if x < 0.5]

    assert len(low) > 30


@pytest.mark.parametrize("state", [State.FAILED_ENVIRONMENT, State.INTERRUPTED, State.RUNNING])
def test_what_says_nothing_about_the_configuration_changes_nothing(
    state: State, line: Space, make: Fixture
) -> None:
    told: list[Any] = [({"x": i / 15}, State.OK, abs(i / 15 - 0.3), 0.0) for i in range(15)]
    noise: list[Any] = [({"x": 0.9}, state, None, 0.0)] * 3

    assert _answers(_told(make("tpe", line), told), 20, 5) == _answers(
        _told(make("tpe", line), told[:5] + noise + told[5:]), 20, 5
    )


def test_the_direction_turns_the_search_round(line: Space, make: Fixture) -> None:
    told: list[Any] = [({"x": i / 19}, State.OK, i / 19, 0.0) for i in range(20)]

    low = _answers(_told(make("tpe", line, direction="minimize"), told), 20)
    high = _answers(_told(make("tpe", line, direction="maximize"), told), 20)

    assert sum(low) / len(low) < 0.4
    assert sum(high) / len(high) > 0.6


def test_every_configuration_survives_the_way_to_optuna_and_back(rich_space: Space) -> None:
    for number in range(300):
        config = draw(rich_space, generator(1, number, 0))
        params = encoded(rich_space, config)
        assert params is not None
        defaults = {name: found.to_external_repr(0) for name, found in distributions(rich_space).items()}
        assert decoded(rich_space, {**defaults, **params}) == config


@pytest.mark.slow
def test_it_beats_random_on_a_smooth_function(
    parameter: Callable[..., Parameter], make: Fixture, search: Fixture
) -> None:
    space = Space(
        parameters=(
            parameter("a", "float", low=0.0, high=1.0),
            parameter("b", "int", low=1, high=100_000, log=True),
            parameter("c", "choice", values=("p", "q", "r")),
            parameter("d", "int", low=0, high=100, special=(-1,)),
        )
    )

    def smooth(number: int, config: Any, origin: str) -> Trial:
        value = (config["a"] - 0.7) ** 2 + (math.log10(config["b"]) / 5 - 0.4) ** 2
        value += 0.3 * (config["c"] != "q") + ((config["d"] - 60) / 100) ** 2
        return Trial(number=number, config=config, origin=origin, state=State.OK, value=value)

    def best(name: str, seed: int) -> float:
        trials = search(space, make(name, space, seed=seed), 60, outcome=smooth)
        return min(trial.value for trial in trials)

    wins = sum(best("tpe", seed) < best("random", seed) for seed in range(8))

    assert wins >= 6
