"""The study's sampler: what it is to solve, and what it recommends of what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from autotune.core.registry import load
from autotune.flow.clock import measuring_s
from autotune.flow.outcome import outcome, ranking, settled, values
from autotune.flow.sentinel import EVERY
from autotune.flow.warm import earlier
from autotune.model.ports import Recommending, Sampler
from autotune.model.problem import Problem
from autotune.model.run import RunRecord
from autotune.model.space import config_key
from autotune.model.study import SamplerChoice, Study
from autotune.model.trial import Sample, Trial
from autotune.study.risk import allowed, barred

_ADVISED = 2_000
"""From more trials belief is slow."""


def problem(study: Study, record: RunRecord, *, reserved_s: float) -> Problem:
    """What the sampler is to solve, as the recorded baseline lets it be known: how noisy, how many trials."""
    trials = _trials(study, record, reserved_s)
    return Problem(
        space=study.workload.space,
        directions=study.directions,
        seed=study.sampler.seed,
        trials=trials,
        timed=trials < study.budget.trials,
        noise=_noise([s.metrics[study.objective] for s in settled(record.baseline, study.objective)]),
        allowed=lambda config: allowed(study, config),
        barred=barred(study),
        earlier=earlier(study, record),
    )


def _trials(study: Study, record: RunRecord, reserved_s: float) -> int:
    """The budget's trials, or what the wall time will allow of them beside sentinels and validation."""
    wall_s = measuring_s(study)
    if wall_s is None:
        return study.budget.trials
    seconds = [s.total_s for s in record.baseline]
    each_s = statistics.median(seconds) * (1 + 2 / EVERY)
    return min(study.budget.trials, max(1, int((wall_s - sum(seconds) - reserved_s) / max(each_s, 1e-9))))


def _noise(values: Sequence[float]) -> float | None:
    """The relative standard deviation of one measurement; None where the values cannot tell."""
    middle = abs(statistics.fmean(values))
    return statistics.stdev(values) / middle if len(values) > 1 and middle else None


def sampler(study: Study, to_solve: Problem, baseline: Sequence[Sample]) -> Sampler:
    """The study's sampler, told of the baseline; raises UsageError for options that it does not know.

    It starts from what the system has now.
    """
    made: Sampler = load("samplers", study.sampler.name)(to_solve, options=study.sampler.options)
    before = Trial(number=-1, config=study.baseline, origin="baseline", samples=tuple(baseline))
    made.tell(outcome(study, before, baseline))
    return made


def recommended(study: Study, record: RunRecord, count: int) -> list[Trial]:
    """The `count` most promising trials, each configuration once: by belief first, then by value.

    Where measurements are noisy the best value seen was lucky: the sampler is asked, or `auto` where it has
    no belief of its own. Of several objectives by the study's pick alone, which no sampler knows.
    """
    if study.further:
        baseline = values(study, settled(record.baseline, study.objective))
        return ranking(study, record.trials, baseline, count=count)
    ranked = {config_key(t.config): t for t in reversed(ranking(study, record.trials))}
    first = [key for key in _by_belief(study, record, count) if key in ranked]
    rest = [config_key(t.config) for t in ranking(study, record.trials)]
    return [ranked[key] for key in dict.fromkeys([*first, *rest])][:count]


def _by_belief(study: Study, record: RunRecord, count: int) -> list[str]:
    to_solve, before = problem(study, record, reserved_s=0.0), settled(record.baseline, study.objective)
    made = sampler(study, to_solve, before)
    if not isinstance(made, Recommending) and to_solve.noise and len(record.trials) <= _ADVISED:
        made = sampler(replace(study, sampler=SamplerChoice(seed=study.sampler.seed)), to_solve, before)
    if not isinstance(made, Recommending):
        return []
    for trial in record.trials:
        made.tell(trial)
    return [config_key(config) for config in made.recommended(count + 1)]  # the baseline may be among them
