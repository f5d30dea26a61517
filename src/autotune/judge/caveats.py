"""Sentences on what the verdict cannot see by itself."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1

import numpy as np

from autotune.judge.doubts import drifts, modes, order_matters
from autotune.judge.objective import LEAST, Answer
from autotune.judge.paired import Differences, column
from autotune.judge.plan import Pair, Plan
from autotune.judge.walsh import walsh_averages
from autotune.model.verdict import Result

_FINE = 0.1  # of the margin: smaller steps change no answer that is not close anyway


def caveats(
    pairs: Sequence[Pair],
    plan: Plan,
    seen: Differences,
    *,
    found: Answer | None,
    failures: tuple[int, int],
) -> tuple[str, ...]:
    """What a reader has to know beside the verdict.

    `seen` are the differences of all `pairs`, `found` is the objective's answer, `failures` count the
    baseline's and the candidate's failed samples.
    """
    coins = np.array([pair.baseline_first for pair in pairs], dtype=bool)
    said = [
        _too_few(plan),
        _no_margin(plan, seen),
        _steps(plan, seen),
        _failures(failures),
        _faded(found, seen),
        *(_two_groups(pairs, plan, arm) for arm in ("baseline", "candidate")),
    ]
    if order_matters(seen, coins):
        said.append(
            "pairs that began with the baseline differ from the others by more than chance: a sample may "
            "leave something behind for the next one; reset the state before each sample"
        )
    if drifts(seen):
        said.append(
            "the difference changed in the course of the pairs by more than chance: the verdict is about "
            "their middle, and a longer warm-up may be needed"
        )
    return tuple(filter(None, said))


def _too_few(plan: Plan) -> str:
    if plan.pairs >= LEAST:
        return ""
    return f"{plan.pairs} pairs can show nothing: plan at least {LEAST}"


def _no_margin(plan: Plan, seen: Differences) -> str:
    if seen.relative or plan.absolute_margin is not None:
        return ""
    return (
        f"{plan.metric} has values of 0 or less: changes are differences in its unit, to which the margin "
        f"of {100 * plan.margin:g} % does not apply; without a margin in it only equal samples are decided"
    )


def _steps(plan: Plan, seen: Differences) -> str:
    """Steps so coarse that they hide changes, where these count."""
    step = expm1(seen.grain) if seen.relative else seen.grain
    least = plan.margin if seen.relative else plan.absolute_margin or 0.0
    if not step or step < _FINE * least:
        return ""
    size = f"{100 * step:.2g} %" if seen.relative else f"{step:.4g}"
    return (
        f"{plan.metric} comes in steps of {size}, which the noise does not blur: smaller changes can hide in "
        "them, so that the interval has a step more to either side, and equivalent has to hold with it; let "
        "a sample do more work, or read a finer clock"
    )


def _failures(failures: tuple[int, int]) -> str:
    if not any(failures):
        return ""
    return (
        f"{failures[0]} samples of the baseline and {failures[1]} of the candidate failed; each counts as "
        "worse than anything measured, so an end of the interval may stand for a failure"
    )


def _faded(found: Answer | None, seen: Differences) -> str:
    """An early answer stands; that later pairs speak less for it is said."""
    if found is None or found.result not in {Result.BETTER, Result.WORSE} or found.margin is None:
        return ""
    now = walsh_averages(seen.values).median
    if now >= found.margin if found.result is Result.BETTER else now <= -found.margin:
        return ""
    return (
        f"{found.result} was decided at {found.looks[-1].pairs} pairs; the estimate over all "
        f"{len(seen.values)} no longer reaches the margin"
    )


def _two_groups(pairs: Sequence[Pair], plan: Plan, arm: str) -> str:
    samples = column((getattr(pair, arm) for pair in pairs), plan.metric)
    groups = modes(samples)
    if groups is None:
        return ""
    return (
        f"{plan.metric} of the {arm} falls into two groups, around {groups.low:.4g} ({groups.low_count} "
        f"samples) and {groups.high:.4g} ({groups.high_count}): find out what differs between them"
    )
