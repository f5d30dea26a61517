"""The verdict on paired samples of a candidate against the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autotune.judge.assemble import assembled
from autotune.judge.limits import judge_limit
from autotune.judge.objective import answer
from autotune.judge.paired import both_arms
from autotune.judge.plan import Pair, Plan
from autotune.judge.together import beside, together
from autotune.judge.wording import explanation
from autotune.model.verdict import Result, Verdict

__all__ = ["Pair", "Plan", "compare"]


def compare(pairs: Sequence[Pair], plan: Plan) -> Verdict:
    """What `pairs`, in the order in which they ran, say under `plan`; pairs beyond the plan are left out.

    Only the planned looks are used, and of each claim (the objective's, every limit's) the first look that
    answers it: the answer, and the figures shown with it, stand while other claims need more pairs.

    - better or worse: the interval at the look's level excludes zero and the estimate reaches the margin;
    - equivalent: two one-sided tests at the margin, 5 % each over the looks, whatever `alpha` is;
    - undecided: neither, or fewer than 6 pairs.

    The margin m stands for a ratio of 1 + m one way or the other, |log ratio| >= log(1 + m), so that swapping
    the arms mirrors the answer. A broken limit makes the result worse; where the objective is better and a
    limit unsure it is undecided; samples that failed under the candidate alone turn better and equivalent
    into undecided, and so does a baseline that failed in more than a quarter of the pairs turn better.
    "Better with every limit held" needs all of its claims at once, so no correction is due.
    `finished` is true when more pairs would not be looked at: all claims answered, or the pairs used up.
    Of several objectives that are tested see `together`; those that are not are told beside the one that is.
    """
    pairs = pairs[: plan.pairs]
    if any(other.tested for other in plan.others):
        return together(pairs, plan)
    arms = both_arms(pairs, plan.metric)
    found = answer(arms, plan)
    limits = [judge_limit(limit, pairs, plan) for limit in plan.limits] if pairs else []
    verdict = assembled(pairs, arms, plan, found, limits)
    objective = found.result if found else Result.UNDECIDED
    told = explanation(verdict, plan, objective=objective)
    return replace(verdict, explanation=told, objectives=beside(verdict, pairs, plan, objective))
