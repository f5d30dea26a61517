from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from autotune.core.registry import load
from autotune.model.ports import Sampler
from autotune.model.problem import Problem
from autotune.model.space import Parameter, Space
from autotune.model.trial import Trial
from autotune.model.workload import Direction
from autotune.testing import spaces


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    return spaces.parameter


@pytest.fixture
def rich_space() -> Space:
    return spaces.rich()


@pytest.fixture
def small_space() -> Space:
    return spaces.small()


@pytest.fixture
def make() -> Callable[..., Sampler]:
    def build(
        name: str, space: Space, *, seed: int = 7, direction: Direction = "minimize", **options: object
    ) -> Sampler:
        problem = Problem(space=space, seed=seed, directions=(direction,))
        built: Sampler = load("samplers", name)(problem, options=options)
        return built

    return build


@pytest.fixture
def outcome() -> spaces.Outcome:
    return spaces.mixed_outcome


@pytest.fixture
def search() -> Callable[..., list[Trial]]:
    """Runs a search of `count` trials; `told` are trials of an earlier part, told first."""

    def run(
        space: Space,
        sampler: Sampler,
        count: int,
        *,
        told: Sequence[Trial] = (),
        outcome: spaces.Outcome = spaces.mixed_outcome,
    ) -> list[Trial]:
        return spaces.search(Problem(space=space, seed=7), sampler, count, told=told, outcome=outcome)

    return run
