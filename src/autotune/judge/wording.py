"""The verdict in a sentence that a person reads."""

from __future__ import annotations

from collections.abc import Sequence

from autotune.judge.looks import looks
from autotune.judge.plan import Plan
from autotune.model.verdict import Effect, Held, LimitVerdict, Result, Verdict


def explanation(verdict: Verdict, plan: Plan, *, objective: Result, also: Sequence[str] = ()) -> str:
    """What was found of the `objective`, how sure it is, and what open or broken limits make of it.

    `also` is what was found of further objectives.

    Changes are those of the metric itself, as in "12.0 % lower [-14.0 %, -9.9 %]". That nothing changed is
    never said, only how little could have been overlooked.
    """
    clauses = [finding(verdict, plan, objective), *also, *map(_limit, verdict.limits)]
    if verdict.failures_candidate and not verdict.failures_baseline:
        clauses.append(
            "samples failed under the candidate alone, so it counts as neither better nor equivalent"
        )
    if objective in {Result.UNDECIDED, Result.EQUIVALENT} and verdict.smallest is not None:
        relative = verdict.effect is None or verdict.effect.relative
        size = _size(verdict.smallest, relative=relative)
        clauses.append(f"a change of {size} would have been seen with 80 % power")
    if verdict.more_pairs is not None:
        clauses.append(f"about {_pairs(verdict.more_pairs, 'more ')} would decide")
    return "; ".join(clauses) + "."


def finding(verdict: Verdict, plan: Plan, objective: Result) -> str:
    """What was found of one objective, without the full stop."""
    name, effect = verdict.metric, verdict.effect
    pairs = _pairs(verdict.looks[-1].pairs if verdict.looks else verdict.pairs)
    if effect is None:
        first = looks(plan.pairs)[0]
        reason = f"the first look is at {first}" if verdict.pairs < first else "too few for an interval"
        return f"{name} is undecided after {pairs}: {reason}"
    sign = 1.0 if plan.direction == "maximize" else -1.0
    change = _change(sign * effect.estimate, relative=effect.relative)
    ends = (_change(end, relative=effect.relative) for end in sorted((sign * effect.low, sign * effect.high)))
    shown = f"[{', '.join(ends)}], {pairs}"
    if objective is Result.EQUIVALENT:
        allowed = _size(verdict.margin, relative=effect.relative)
        return f"{name} stays within {allowed} of the baseline: {change} {shown}"
    if objective is not Result.UNDECIDED:
        way = "higher" if sign * effect.estimate > 0 else "lower"
        return f"{name} is {_size(abs(effect.estimate), relative=effect.relative)} {way} {shown}"
    return f"{name} is undecided: {change} {shown}{_too_small(effect)}"


def _too_small(effect: Effect) -> str:
    spans_zero = effect.low <= 0 <= effect.high
    return "" if spans_zero else ", a difference that is not shown to reach the margin"


def _limit(limit: LimitVerdict) -> str:
    figures = f"{limit.seen:.4g}, at worst {limit.worst:.4g}, bound {limit.bound:.4g}"
    if limit.seen == limit.worst:
        figures = f"{limit.seen:.4g}, bound {limit.bound:.4g}"
    answer = "is shown neither held nor broken" if limit.held is Held.UNSURE else f"is {limit.held}"
    return f"the limit '{limit.text}' {answer} ({figures})"


def _pairs(count: int, more: str = "") -> str:
    return f"{count} {more}pair{'' if count == 1 else 's'}"


def _change(value: float, *, relative: bool) -> str:
    sign = "-" if value < 0 else "+"
    return f"{sign}{_size(abs(value), relative=relative)}"


def _size(value: float, *, relative: bool) -> str:
    """`value`, 0 or more, as a percentage with one decimal (two digits where that would show nothing)."""
    if not relative:
        return f"{value:.4g}"
    percent = 100 * value
    if percent >= 1e5:
        return f"{percent:.2g} %"
    return f"{percent:.1f} %" if percent >= 0.1 or not percent else f"{percent:.2g} %"
