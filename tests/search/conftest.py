from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from autotune.core.expression import parse
from autotune.core.registry import load
from autotune.model.ports import Sampler
from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Parameter, Space, config_key
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction
from autotune.search.propose import Proposer


def _parameter(name: str, kind: Any, **rest: Any) -> Parameter:
    if "when" in rest:
        rest["when"] = parse(rest["when"])
    rest.setdefault("default", rest["values"][0] if "values" in rest else rest.get("low"))
    return Parameter(name=name, kind=kind, apply=Apply(actuator="env"), **rest)


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    return _parameter


@pytest.fixture
def rich_space() -> Space:
    """Every kind of parameter, with log, step, special, unset, nested conditions and constraints."""
    return Space(
        parameters=(
            _parameter("inner", "float", low=0.5, high=2.0, when="workers >= 4"),
            _parameter("workers", "int", low=1, high=8, when="engine == 'pool'"),
            _parameter("engine", "choice", values=("sync", "pool", "ring")),
            _parameter("cache", "int", low=1, high=100_000, log=True),
            _parameter("pages", "int", low=0, high=100, step=5, special=(-1, None)),
            _parameter("logged", "int", low=16, high=4096, step=16, log=True),
            _parameter("ratio", "float", low=0.0, high=1.0),
            _parameter("tenths", "float", low=0.1, high=0.9, step=0.1),
            _parameter("rate", "float", low=1e-6, high=1.0, log=True, special=(0.0,)),
            _parameter("sync", "bool", values=(False, True)),
            _parameter("level", "ordinal", values=("off", "normal", "full", None)),
        ),
        constraints=(parse("pages <= cache"), parse("ratio <= limit")),
        facts={"limit": 0.8},
    )


@pytest.fixture
def small_space() -> Space:
    """Seven configurations: `a` or `b` with one of three x, fast or not, and one of these forbidden."""
    return Space(
        parameters=(
            _parameter("mode", "choice", values=("a", "b")),
            _parameter("x", "int", low=1, high=3, when="mode == 'b'"),
            _parameter("fast", "bool", values=(False, True)),
        ),
        constraints=(parse("not (fast and x == 3)"),),
    )


@pytest.fixture
def make() -> Callable[..., Sampler]:
    def build(name: str, space: Space, *, seed: int = 7, direction: Direction = "minimize") -> Sampler:
        problem = Problem(space=space, seed=seed, directions=(direction,))
        built: Sampler = load("samplers", name)(problem, options={})
        return built

    return build


def _outcome(number: int, config: Config, origin: str = "test") -> Trial:
    """A trial as a workload with failures, limits and a broken environment would end it."""
    value = sum(math.log1p(abs(v)) for v in config.values() if isinstance(v, (int, float)))
    state = State.OK
    if config.get("sync") and number % 3 == 0:
        state = State.FAILED_CONFIG
    elif number % 7 == 6:
        state = State.TIMEOUT
    elif number % 11 == 10:
        state = State.FAILED_ENVIRONMENT
    missed = 0.4 if config.get("engine") == "ring" else -0.1
    measured = value if state is State.OK else None
    return Trial(number=number, config=config, origin=origin, state=state, value=measured, violation=missed)


@pytest.fixture
def outcome() -> Callable[..., Trial]:
    return _outcome


@pytest.fixture
def search() -> Callable[..., list[Config]]:
    """Runs a search of `count` trials; `told` are trials of an earlier part, told first."""

    def run(
        space: Space,
        sampler: Sampler,
        count: int,
        *,
        told: list[Trial] | None = None,
        outcome: Callable[..., Trial] = _outcome,
    ) -> list[Trial]:
        trials = list(told or ())
        for trial in trials:
            sampler.tell(trial)
        proposer = Proposer(Problem(space=space, seed=7), sampler)
        while len(trials) < count:
            answer = proposer.next(len(trials), {config_key(t.config) for t in trials})
            if answer is None:
                break
            trials.append(outcome(len(trials), *answer))
            sampler.tell(trials[-1])
        return trials

    return run
