"""Whether the candidate keeps an objective: loses less of it than its margin."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log1p

from autotune.judge.levels import nominal_levels
from autotune.judge.limits import LimitAnswer
from autotune.judge.looks import looks
from autotune.judge.objective import LEAST, ONE_SIDED, Answer, objective_differences
from autotune.judge.paired import LARGEST_LOG, Differences
from autotune.judge.plan import Plan
from autotune.judge.signedrank import Interval, interval
from autotune.judge.walsh import Floats, walsh_averages
from autotune.model.verdict import Held, LimitVerdict, Result


def guard(arms: Floats, plan: Plan, found: Answer | None) -> LimitAnswer:
    """The first look at which the (2, n) `arms` show that less than the margin is lost, as a limit's answer.

    held is a one-sided claim that spends 5 % over the looks, made as well where the objective is better.
    broken is the objective's own answer `found`, worse, so that the margin adds no false alarm to it. Where
    values ask for a margin in the metric's unit that was not given, only a better objective is kept.
    """
    answer = _first_held(arms, plan)
    held = answer.verdict.held
    if found is not None and found.result in {Result.BETTER, Result.WORSE}:
        held = Held.HELD if found.result is Result.BETTER else Held.BROKEN
    return replace(answer, verdict=replace(answer.verdict, held=held))


def _first_held(arms: Floats, plan: Plan) -> LimitAnswer:
    planned = looks(plan.pairs)
    answer = _at_look(arms, plan, None)
    for count, level in zip(planned, nominal_levels(planned, 2 * ONE_SIDED), strict=True):
        if count > arms.shape[1]:
            break
        answer = _at_look(arms[:, :count], plan, level)
        if answer.verdict.held is Held.HELD:
            break
    return answer


def _at_look(arms: Floats, plan: Plan, level: float | None) -> LimitAnswer:
    seen = objective_differences(arms, plan)
    averages = walsh_averages(seen.informative)
    enough = level is not None and len(averages.values) >= LEAST
    within = interval(averages, level) if level is not None and enough else None
    margin = _margin(seen, plan)
    allowed = None if margin is None else margin - seen.grain
    held = within is not None and allowed is not None and within.low >= -allowed
    middle = averages.median if len(averages.values) else 0.0
    verdict = LimitVerdict(
        text=_text(plan, seen),
        held=Held.HELD if held else Held.UNSURE,
        seen=_in_terms(plan, seen, within.estimate if within else middle),
        worst=_in_terms(plan, seen, within.low if within else middle),
        bound=_in_terms(plan, seen, -(margin or 0.0)),
    )
    return LimitAnswer(verdict=verdict, slack=_slack(within, allowed), pairs=len(averages.values))


def _margin(seen: Differences, plan: Plan) -> float | None:
    return log1p(plan.margin) if seen.relative else plan.absolute_margin


def _slack(within: Interval | None, allowed: float | None) -> Interval | None:
    """The interval of what is left until the margin is lost."""
    if within is None or allowed is None:
        return None
    ends = {"low": within.low + allowed, "high": within.high + allowed}
    return replace(within, estimate=within.estimate + allowed, **ends)


def _in_terms(plan: Plan, seen: Differences, difference: float) -> float:
    """A difference as the ratio to the baseline, or as a change in the metric's unit."""
    signed = difference if plan.direction == "maximize" else -difference
    return exp(min(max(signed, -LARGEST_LOG), LARGEST_LOG)) if seen.relative else signed


def _text(plan: Plan, seen: Differences) -> str:
    size = f"{100 * plan.margin:.4g} %" if seen.relative else f"{plan.absolute_margin or 0.0:.4g}"
    return f"{plan.metric} loses less than {size}"
