"""Watches for drift: baseline and incumbent measured again in the course of the search."""

from __future__ import annotations

from collections.abc import Sequence

from autotune.flow.work import Work
from autotune.model.run import Sentinel
from autotune.model.trial import Trial

EVERY = 8
"""Trials between two sentinels: they cost a quarter of the search's samples at one sample a trial."""

BASELINE = -1
"""What stands for the baseline where a sentinel names the trial that it measures again."""


def due(number: int) -> bool:
    """Whether sentinels stand before trial `number`, which alone decides: a resume finds the same place."""
    return number > 0 and number % EVERY == 0


def watch(work: Work, number: int, incumbent: Trial | None, known: Sequence[Sentinel]) -> None:
    """Measures the sentinels that are due before trial `number` and not among the `known` ones.

    They are the baseline and the `incumbent`, the best trial before; no sampler and no verdict hears of them.
    """
    if not due(number):
        return
    configs = {BASELINE: work.study.baseline}
    if incumbent is not None:
        configs[incumbent.number] = incumbent.config
    there = {x.trial for x in known if x.before == number}
    for trial, config in configs.items():
        if trial not in there:
            sample = work.bench.sample(config, trial=trial)
            work.session.store.add_sample(
                work.session.run, sample, role="sentinel", trial=number, index=trial
            )
