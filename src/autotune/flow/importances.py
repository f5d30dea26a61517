"""Which parameters mattered in a run, for each of its objectives."""

from __future__ import annotations

from autotune.model.importance import Importance
from autotune.model.problem import Problem
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.search.importance import importance
from autotune.study.risk import allowed, barred


def importances(study: Study, record: RunRecord) -> tuple[Importance, ...]:
    """One for each objective, from the recorded trials alone; none where no trial was measured."""
    if not record.trials:
        return ()
    problem = Problem(
        space=study.workload.space,
        directions=study.directions,
        seed=study.sampler.seed,
        allowed=lambda config: allowed(study, config),
        barred=barred(study),
    )
    return tuple(
        importance(problem, record.trials, name, objective=place)
        for place, name in enumerate(study.objectives)
    )
