"""Whether a change made a metric worse by as much as is allowed: passed, failed, or undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import expm1

import numpy as np

from autotune.judge.assemble import effect, shown_margin
from autotune.judge.caveats import caveats
from autotune.judge.confirmed import verdict_on, whole_pairs
from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.objective import LEAST, last_look, objective_differences
from autotune.judge.objective import Answer as Look
from autotune.judge.paired import LARGEST_LOG, both_arms
from autotune.judge.plan import Pair, Plan
from autotune.judge.power import more_pairs, smallest_shift
from autotune.judge.walsh import Floats
from autotune.model.gate import Answer, GateVerdict
from autotune.model.run import Confirmation
from autotune.model.verdict import Result

ALPHA = 0.05
"""Two-sided, over all looks of a round: a loss as large as the limit passes in 2.5 % at most."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The deciding look, or the last one reached, with its answer."""

    look: Look | None
    answer: Answer
    pairs: int


def gated(confirmation: Confirmation, plan: Plan) -> GateVerdict:
    """The answer about `plan.metric`, whose margin is the limit; the baseline is the base.

    - fail: the interval at a look's level excludes "no change", and the loss is at or beyond the limit;
    - pass: the interval's end lies before the limit, and nothing failed in the head alone;
    - undecided: anything else, and where the second runs of disturbed pairs and their first runs disagree.

    The first planned look that fails or passes it decides. So a loss as large as the limit passes with chance
    .025 at most, and a head that is no worse fails only where chance makes it look as bad as the limit.
    """
    found = _judged(whole_pairs(plan, confirmation.used), plan)
    first = tuple(s for s in confirmation.samples if s.take == 0)
    if len(first) == len(confirmation.samples):
        return found
    other = _judged(whole_pairs(plan, first), plan)
    if other.answer is found.answer:
        return found
    told = f"on the first runs of disturbed pairs alone: {other.answer}"
    return replace(found, answer=Answer.UNDECIDED, reason=told, more_pairs=other.more_pairs)


def holds(confirmation: Confirmation, plan: Plan) -> GateVerdict:
    """Whether a gain over the baseline is still there: the verdict on it, as a gate's answer.

    pass: better by the margin; fail: worse or equivalent, which is that nothing is left; else undecided.
    """
    verdict = verdict_on(plan, confirmation)
    answers = {Result.BETTER: Answer.PASS, Result.WORSE: Answer.FAIL, Result.EQUIVALENT: Answer.FAIL}
    return GateVerdict(
        metric=plan.metric,
        direction=plan.direction,
        unit="",
        answer=answers.get(verdict.result, Answer.UNDECIDED),
        limit=verdict.margin,
        effect=verdict.effect,
        pairs=verdict.pairs,
        planned_pairs=plan.pairs,
        smallest=verdict.smallest,
        more_pairs=verdict.more_pairs,
        failures_base=verdict.failures_baseline,
        failures_head=verdict.failures_candidate,
        reason="the gain is gone" if verdict.result in {Result.WORSE, Result.EQUIVALENT} else "",
        warnings=verdict.warnings,
    )


def _judged(pairs: Sequence[Pair], plan: Plan) -> GateVerdict:
    arms = both_arms(pairs, plan.metric)
    base, head = (int(n) for n in np.isnan(arms).sum(axis=1))
    seen = _first_answer(arms, plan)
    differences = objective_differences(arms, plan)
    return GateVerdict(
        metric=plan.metric,
        direction=plan.direction,
        unit="",
        answer=seen.answer,
        limit=shown_margin(plan, differences),
        effect=effect(seen.look),
        pairs=seen.pairs,
        planned_pairs=plan.pairs,
        smallest=_smallest(seen.look),
        more_pairs=_more(seen, plan),
        failures_base=base,
        failures_head=head,
        reason=_failures(base, head, len(pairs)),
        warnings=caveats(pairs, plan, differences, found=None, failures=(base, head)) if pairs else (),
    )


def _first_answer(arms: Floats, plan: Plan) -> _Seen:
    seen = _Seen(None, Answer.UNDECIDED, arms.shape[1])
    for count in looks(plan.pairs):
        if count > arms.shape[1]:
            break
        seen = _at_look(arms[:, :count], plan)
        if seen.answer is not Answer.UNDECIDED:
            break
    return seen


def _at_look(arms: Floats, plan: Plan) -> _Seen:
    look, count = last_look(arms, plan), arms.shape[1]
    if (
        look is None
        or look.tested is None
        or look.margin is None
        or len(look.differences.informative) < LEAST
    ):
        return _Seen(look, Answer.UNDECIDED, count)
    base, head = np.isnan(arms).sum(axis=1)
    if look.tested.high < 0 and look.tested.estimate <= -look.margin:
        return _Seen(look, Answer.FAIL, count)
    if look.tested.low > look.differences.grain - look.margin and head <= base:
        return _Seen(look, Answer.PASS, count)
    return _Seen(look, Answer.UNDECIDED, count)


def _smallest(look: Look | None) -> float | None:
    if look is None or look.tested is None:
        return None
    shift = smallest_shift(look.tested)
    return expm1(min(shift, LARGEST_LOG)) if look.differences.relative else shift


def _more(seen: _Seen, plan: Plan) -> int | None:
    """About how many more pairs would settle it if the estimate is true; None where none help."""
    look = seen.look
    if seen.answer is not Answer.UNDECIDED or look is None or look.tested is None or look.margin is None:
        return None
    loss = -look.tested.estimate
    distance = loss if loss >= look.margin else look.margin - look.differences.grain - loss
    level = nominal_levels(looks(plan.pairs), plan.alpha)[-1]
    return more_pairs(look.tested, pairs=seen.pairs, distance=distance, level=level)


def _failures(base: int, head: int, pairs: int) -> str:
    if head <= base:
        return ""
    alone = f"in the head {head} of {pairs} samples failed"
    return f"{alone}, in the base {base}" if base else f"{alone}, in the base none"
