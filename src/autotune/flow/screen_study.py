"""A screening as a study: what it measures is enqueued, so that a run of it is a run like any other."""

from __future__ import annotations

from dataclasses import replace

from autotune.core.errors import UsageError
from autotune.model.problem import Problem
from autotune.model.screening import Design
from autotune.model.study import Budget, Repeats, SamplerChoice, Study
from autotune.search.morris import design
from autotune.study.risk import allowed, barred
from autotune.study.values import written

TRAJECTORIES = 4
"""By default; so many times the number of parameters, and that once more, is the most that it measures."""

_SUFFIX = ".screen"
_LONGEST_NAME = 64


def screening_of(study: Study, *, trajectories: int = TRAJECTORIES) -> tuple[Study, Design]:
    """The study that measures a screening of `study`, and the steps that it measures.

    It has its own name, and so a store of its own; one measurement a configuration and no other end than the
    last of them. Raises UsageError where no parameter can be changed at all.
    """
    space = study.workload.space
    problem = Problem(
        space=space,
        directions=study.directions,
        seed=study.sampler.seed,
        allowed=lambda config: allowed(study, config),
        barred=barred(study),
    )
    steps = design(problem, study.baseline, trajectories=trajectories)
    configs = steps.configs
    if not configs:
        raise UsageError(f"study '{study.name}' permits no change of a single parameter: nothing to screen")
    sampler = SamplerChoice(name="random", seed=study.sampler.seed)
    changed = {
        "study": _name(study),
        "sampler": {"name": sampler.name, "seed": sampler.seed},
        "repeats": 1,
        "enqueue": [written(config) for config in configs],
        "budget": {"trials": len(configs)},
    }
    return replace(
        study,
        name=_name(study),
        sampler=sampler,
        repeats=Repeats(),
        enqueue=configs,
        budget=Budget(trials=len(configs)),
        document={**study.document, **changed},
    ), steps


def _name(study: Study) -> str:
    return study.name[: _LONGEST_NAME - len(_SUFFIX)] + _SUFFIX
