"""The verdict where several objectives count together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autotune.judge.assemble import assembled, effect, shown_margin
from autotune.judge.guard import guard
from autotune.judge.limits import LimitAnswer, judge_limit
from autotune.judge.looks import looks
from autotune.judge.objective import Answer, answer, last_look, objective_differences
from autotune.judge.paired import both_arms
from autotune.judge.plan import Pair, Plan
from autotune.judge.walsh import Floats
from autotune.judge.wording import explanation, finding
from autotune.model.verdict import Held, ObjectiveVerdict, Result, Verdict

_LEADS = (Result.WORSE, Result.BETTER, Result.UNDECIDED, Result.EQUIVALENT)
"""Which objective's answer stands for the verdict: the first in this order."""


@dataclass(frozen=True, slots=True)
class _Aim:
    """One objective: its plan, the (2, n) samples of all pairs, its answer, and whether it is kept."""

    plan: Plan
    arms: Floats
    found: Answer | None
    kept: LimitAnswer

    @property
    def result(self) -> Result:
        return self.found.result if self.found else Result.UNDECIDED

    @property
    def hopeless(self) -> bool:
        """Whether more pairs cannot answer it: values that ask for a margin that was not given."""
        return self.result is Result.UNDECIDED and self.found is not None and self.found.settled


def together(pairs: Sequence[Pair], plan: Plan) -> Verdict:
    """What `pairs` say under a plan whose `others` are tested too; `compare` says what is alike.

    - better: at least one objective is better, and of each it is shown that less than its margin is lost;
    - worse: at least one is worse, whatever the others are;
    - equivalent: each is;
    - undecided: anything else.

    Each of k objectives is called better or worse at `alpha` / k (Bonferroni), so that a candidate that
    differs in nothing is called better or worse with chance `alpha` at most. (Holm 1979 gains nothing for
    that: his first step is this one, and his later ones need p-values of one look.) That each objective is
    kept, and that each is equivalent, are claims that are needed all at once, and take no correction. The
    objectives are looked at together, up to the first look at which one of the first three holds.
    """
    aims = _looked(pairs, _shared(plan))
    limits = [judge_limit(limit, pairs, plan) for limit in plan.limits] if pairs else []
    lead = min(aims, key=lambda aim: _LEADS.index(aim.result))
    kept = [aim.kept for aim in aims]
    verdict = assembled(pairs, lead.arms, lead.plan, lead.found, [*kept, *limits])
    open_ = any(limit.verdict.held is Held.UNSURE for limit in limits)
    each = [assembled(pairs, aim.arms, aim.plan, aim.found, []) for aim in aims]
    also = [
        finding(one, aim.plan, aim.result) for one, aim in zip(each, aims, strict=True) if aim is not lead
    ]
    return replace(
        verdict,
        alpha=plan.alpha,
        warnings=tuple(dict.fromkeys(text for one in (verdict, *each) for text in one.warnings)),
        explanation=explanation(verdict, lead.plan, objective=lead.result, also=also),
        finished=len(pairs) == plan.pairs or (_decided(aims) and not open_),
        objectives=tuple(
            ObjectiveVerdict(
                metric=one.metric,
                result=aim.result,
                effect=one.effect,
                margin=one.margin,
                pairs=one.looks[-1].pairs if one.looks else one.pairs,
            )
            for one, aim in zip(each, aims, strict=True)
        ),
    )


def _shared(plan: Plan) -> list[Plan]:
    """A plan for each objective, which share the level."""
    alone = replace(plan, others=())
    plans = [
        alone,
        *(
            replace(
                alone,
                metric=other.metric,
                direction=other.direction,
                margin=other.margin,
                absolute_margin=other.absolute_margin,
            )
            for other in plan.others
        ),
    ]
    return [replace(one, alpha=plan.alpha / len(plans)) for one in plans]


def _looked(pairs: Sequence[Pair], plans: Sequence[Plan]) -> list[_Aim]:
    """The objectives at the first look that decides, else at the last one reached."""
    arms = [both_arms(pairs, plan.metric) for plan in plans]
    reached = [count for count in looks(plans[0].pairs) if count <= len(pairs)]
    for count in reached or [len(pairs)]:
        aims = [_aim(plan, values, count) for plan, values in zip(plans, arms, strict=True)]
        if _decided(aims):
            break
    return aims


def _aim(plan: Plan, arms: Floats, count: int) -> _Aim:
    found = answer(arms[:, :count], plan)
    return _Aim(plan, arms, found, guard(arms[:, :count], plan, found))


def _decided(aims: Sequence[_Aim]) -> bool:
    results = {aim.result for aim in aims}
    if Result.WORSE in results or any(aim.hopeless for aim in aims):
        return True
    if Result.BETTER in results:
        return all(aim.kept.verdict.held is Held.HELD for aim in aims)
    return results == {Result.EQUIVALENT}


def beside(
    verdict: Verdict, pairs: Sequence[Pair], plan: Plan, objective: Result
) -> tuple[ObjectiveVerdict, ...]:
    """The objective of a `verdict` on one, and the plan's others as they stand at its last look, untested.

    Nothing without others.
    """
    if not plan.others:
        return ()
    count = verdict.looks[-1].pairs if verdict.looks else len(pairs)
    first = ObjectiveVerdict(
        metric=verdict.metric,
        result=objective,
        effect=verdict.effect,
        margin=verdict.margin,
        pairs=count,
    )
    return (first, *(_untested(pairs[:count], plan, other) for other in plan.others))


def _untested(pairs: Sequence[Pair], plan: Plan, other: Plan) -> ObjectiveVerdict:
    alone = replace(other, alpha=plan.alpha, pairs=plan.pairs, others=(), limits=())
    arms = both_arms(pairs, alone.metric)
    found = last_look(arms, alone)
    margin = shown_margin(alone, found.differences if found else objective_differences(arms, alone))
    return ObjectiveVerdict(
        metric=alone.metric, result=None, effect=effect(found), margin=margin, pairs=len(pairs)
    )
