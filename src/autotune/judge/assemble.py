"""The parts of a verdict put together: the objective's answer, the limits', failures and doubts."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1

import numpy as np

from autotune.judge.caveats import caveats
from autotune.judge.doubts import order_effect
from autotune.judge.limits import LimitAnswer
from autotune.judge.looks import looks
from autotune.judge.objective import Answer, objective_differences
from autotune.judge.paired import LARGEST_LOG, Differences
from autotune.judge.plan import Pair, Plan
from autotune.judge.power import smallest_shift
from autotune.judge.walsh import Floats
from autotune.model.verdict import Effect, Held, LimitVerdict, Result, Verdict

_MOST_FAILED = 0.25
"""Share of pairs whose baseline may have failed: with more, the gain would rest on values nobody measured."""


def assembled(
    pairs: Sequence[Pair], arms: Floats, plan: Plan, found: Answer | None, limits: Sequence[LimitAnswer]
) -> Verdict:
    """The verdict that `found`, the objective's answer, and those of the limits make; without explanation.

    `arms` are the (2, n) samples of the objective in the `pairs`.
    """
    used = pairs[: max((n for n in looks(plan.pairs) if n <= len(pairs)), default=len(pairs))]
    seen = objective_differences(arms[:, : len(used)], plan)
    failures = _failures(arms)
    held = tuple(limit.verdict for limit in limits)
    return Verdict(
        metric=plan.metric,
        result=_result(found, held, failures),
        effect=effect(found),
        pairs=len(used),
        planned_pairs=plan.pairs,
        margin=shown_margin(plan, found.differences if found else seen),
        alpha=plan.alpha,
        looks=found.looks if found else (),
        limits=held,
        smallest=_smallest(found),
        more_pairs=_more(plan, found, limits, failures),
        failures_baseline=failures[0],
        failures_candidate=failures[1],
        order_effect=order_effect(seen, np.array([pair.baseline_first for pair in used], dtype=bool)),
        warnings=caveats(used, plan, seen, found=found, failures=failures),
        explanation="",
        finished=len(pairs) == plan.pairs or _settled(found, held),
    )


def _failures(arms: Floats) -> tuple[int, int]:
    """Samples of the baseline and of the candidate without a value of the objective, over all pairs."""
    baseline, candidate = (int(failed) for failed in np.isnan(arms).sum(axis=1))
    return baseline, candidate


def _settled(found: Answer | None, limits: Sequence[LimitVerdict]) -> bool:
    return found is not None and found.settled and all(limit.held is not Held.UNSURE for limit in limits)


def _result(found: Answer | None, limits: Sequence[LimitVerdict], failures: tuple[int, int]) -> Result:
    answers = {limit.held for limit in limits}
    if Held.BROKEN in answers:
        return Result.WORSE
    objective = found.result if found else Result.UNDECIDED
    if objective is Result.BETTER and Held.UNSURE in answers:
        return Result.UNDECIDED
    if objective in {Result.BETTER, Result.EQUIVALENT} and _candidate_alone(failures):
        return Result.UNDECIDED
    if objective is Result.BETTER and found and failures[0] > _MOST_FAILED * found.looks[-1].pairs:
        return Result.UNDECIDED
    return objective


def _candidate_alone(failures: tuple[int, int]) -> bool:
    return failures[1] > 0 == failures[0]


def effect(found: Answer | None) -> Effect | None:
    """What the answer shows as a change; None where there are too few pairs for an interval."""
    interval, level = found.shown if found else (None, 0.0)
    if found is None or interval is None:
        return None
    change = found.differences.change
    return Effect(
        estimate=change(interval.estimate),
        low=change(interval.low),
        high=change(interval.high),
        level=level,
        relative=found.differences.relative,
    )


def shown_margin(plan: Plan, seen: Differences) -> float:
    """The margin on the scale of the effect: a share, or the metric's unit (0 where none was given)."""
    return plan.margin if seen.relative else plan.absolute_margin or 0.0


def _smallest(found: Answer | None) -> float | None:
    """Relative: the share by which the larger arm exceeds the other, on the same scale as the margin."""
    if found is None or found.tested is None:
        return None
    shift = smallest_shift(found.tested)
    return expm1(min(shift, LARGEST_LOG)) if found.differences.relative else shift


def _more(
    plan: Plan, found: Answer | None, limits: Sequence[LimitAnswer], failures: tuple[int, int]
) -> int | None:
    """Pairs that the slowest open claim still needs; None where none is open or one of them is hopeless."""
    held = [limit.verdict.held for limit in limits]
    if found is None or Held.BROKEN in held or _candidate_alone(failures):
        return None
    needs = [limit.needed(plan) for limit in limits if limit.verdict.held is Held.UNSURE]
    if found.result is Result.UNDECIDED:
        needs.append(found.needed(plan))
    known = [need for need in needs if need is not None]
    return max(known) if known and len(known) == len(needs) else None
