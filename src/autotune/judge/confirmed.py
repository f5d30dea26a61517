"""The verdict on a recorded confirmation, and on what it would have been without second runs."""

from __future__ import annotations

from dataclasses import replace

from autotune.judge.compare import compare
from autotune.judge.plan import Pair, Plan
from autotune.model.run import Confirmation, PairedSample
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.model.verdict import Verdict


def judged(study: Study, confirmation: Confirmation) -> Verdict:
    """The verdict on a confirmation, from its recorded samples alone (warm-ups do not count).

    Of a pair that was run again, the second run counts.
    """
    pairs: list[Pair] = []
    for number in range(confirmation.pairs):
        arms = {s.arm: s for s in confirmation.used if s.pair == number}
        if len(arms) < 2:
            break
        pairs.append(
            Pair(
                baseline=_metrics(arms["baseline"]),
                candidate=_metrics(arms["candidate"]),
                baseline_first=arms["baseline"].order == 0,
            )
        )
    return compare(pairs, _plan(study, confirmation))


def judged_as_first_run(study: Study, confirmation: Confirmation) -> Verdict | None:
    """The verdict on the first run of every pair; None where no pair was run again."""
    first = tuple(s for s in confirmation.samples if s.take == 0)
    if len(first) == len(confirmation.samples):
        return None
    return judged(study, replace(confirmation, samples=first))


def _plan(study: Study, confirmation: Confirmation) -> Plan:
    return Plan(
        metric=study.objective,
        direction=study.direction,
        margin=study.validation.min_gain,
        absolute_margin=study.validation.min_difference,
        alpha=confirmation.alpha,
        pairs=confirmation.pairs,
        limits=study.limits,
    )


def _metrics(paired: PairedSample) -> dict[str, float] | None:
    return dict(paired.sample.metrics) if paired.sample.state is State.OK else None
