"""What a sampler of ours can be given beside the space: constraints, an earlier study, one that misleads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import State, Trial
from search.recorded import Recorded

VARIANTS = {
    "declared": "constraints declared",
    "warm": "an earlier study",
    "misled": "an earlier study that is wrong",
}
"""By what stands behind a sampler's name and a colon."""

_EARLIER = 50
"""So many trials the earlier study has."""

_FIRST = 2
"""So many of its best a run tries first."""


def of(sampler: str) -> tuple[str, str]:
    """A sampler's name, and its variant; "" where it has none."""
    name, _, variant = sampler.partition(":")
    return name, variant


def given(system: Recorded, variant: str, *, seed: int, trials: int) -> tuple[Problem, list[Config]]:
    """What the sampler is given, and what is measured first."""
    problem = system.problem(seed=seed, trials=trials, declared=variant == "declared")
    if variant not in {"warm", "misled"}:
        return problem, []
    earlier = _study(system, seed, misleading=variant == "misled")
    measured = [trial for trial in earlier if trial.value is not None]
    measured.sort(key=lambda trial: system.sign * (trial.value or 0.0))
    return replace(problem, earlier=tuple(earlier)), [trial.config for trial in measured[:_FIRST]]


def _study(system: Recorded, seed: int, *, misleading: bool) -> list[Trial]:
    """Random trials of the system; where they mislead, the best have the values of the worst."""
    random = np.random.default_rng([seed, 2])
    drawn = [system.config([int(random.integers(n)) for n in system.sizes]) for _ in range(_EARLIER)]
    costs = [system.cost(config) for config in drawn]
    if misleading:
        ascending = sorted(cost for cost in costs if cost is not None)
        swapped = dict(zip(ascending, reversed(ascending), strict=True))
        costs = [None if cost is None else swapped[cost] for cost in costs]
    return [
        Trial(number=n, config=config, origin="earlier", state=State.FAILED_CONFIG)
        if cost is None
        else Trial(number=n, config=config, origin="earlier", state=State.OK, value=system.sign * cost)
        for n, (config, cost) in enumerate(zip(drawn, costs, strict=True))
    ]
