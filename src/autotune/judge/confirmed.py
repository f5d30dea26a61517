"""The verdict on a recorded confirmation: what holds with second runs as well as without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from autotune.judge.compare import compare
from autotune.judge.plan import Pair, Plan
from autotune.model.run import Confirmation, PairedSample
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.model.verdict import Held, LimitVerdict, ObjectiveVerdict, Result, Verdict


def judged(study: Study, confirmation: Confirmation) -> Verdict:
    """The verdict on a confirmation under the study's rules; see `verdict_on`."""
    return verdict_on(plan_for(study, confirmation), confirmation)


def verdict_on(plan: Plan, confirmation: Confirmation) -> Verdict:
    """The verdict on a comparison, from its recorded samples alone (warm-ups do not count).

    Of a pair that was run again the second run gives the figures. The result and each limit's answer have to
    be the same on the first runs, else they are undecided and unsure. For a configuration that makes the
    kernel work where it is slow has its slow pairs run again, and looks better than it is. So nothing is
    answered more often than the first runs alone would answer it, whatever is called disturbed.
    """
    verdict = _verdict(plan, confirmation.used)
    first = as_first_run(plan, confirmation)
    return verdict if first is None else _agreed(verdict, first)


def as_first_run(plan: Plan, confirmation: Confirmation) -> Verdict | None:
    """The verdict on the first run of every pair; None where no pair was run again."""
    first = tuple(s for s in confirmation.samples if s.take == 0)
    return None if len(first) == len(confirmation.samples) else _verdict(plan, first)


def plan_for(study: Study, confirmation: Confirmation) -> Plan:
    """The study's rules for `confirmation`, which were fixed before its first pair."""
    return plan_of(study, alpha=confirmation.alpha, pairs=confirmation.pairs)


def plan_of(study: Study, *, alpha: float, pairs: int) -> Plan:
    """The study's rules for a comparison at level `alpha` over at most so many pairs.

    Of several objectives all are tested together; where the pick is bounded the first one alone is, and the
    pick's limits join the study's.
    """
    first, *others = (_plan(one, alpha, pairs) for one in study.each)
    bounded = study.pick.kind == "bounded"
    return replace(
        first,
        limits=(*study.limits, *study.pick.subject_to),
        others=tuple(replace(other, tested=not bounded) for other in others),
    )


def _plan(study: Study, alpha: float, pairs: int) -> Plan:
    return Plan(
        metric=study.objective,
        direction=study.direction,
        margin=study.validation.min_gain,
        absolute_margin=study.validation.min_difference,
        alpha=alpha,
        pairs=pairs,
    )


def _agreed(verdict: Verdict, first: Verdict) -> Verdict:
    """`verdict`, less what `first` does not say too; finished when more pairs would change neither."""
    limits = tuple(_agreed_limit(one, other) for one, other in zip(verdict.limits, first.limits, strict=True))
    each = zip(verdict.objectives, first.objectives, strict=True)
    verdict = replace(
        verdict,
        limits=limits,
        objectives=tuple(_agreed_objective(one, other) for one, other in each),
        finished=verdict.finished and first.finished,
    )
    if verdict.result in {first.result, Result.UNDECIDED}:
        return verdict
    return replace(
        verdict,
        result=Result.UNDECIDED,
        more_pairs=first.more_pairs,
        explanation=f"{verdict.explanation.removesuffix('.')}; on the first runs alone it is {first.result}, "
        "so it counts as undecided.",
    )


def _agreed_objective(one: ObjectiveVerdict, other: ObjectiveVerdict) -> ObjectiveVerdict:
    return one if one.result is other.result else replace(one, result=Result.UNDECIDED)


def _agreed_limit(one: LimitVerdict, other: LimitVerdict) -> LimitVerdict:
    return one if one.held is other.held else replace(one, held=Held.UNSURE)


def _verdict(plan: Plan, samples: Iterable[PairedSample]) -> Verdict:
    return compare(whole_pairs(plan, samples), plan)


def whole_pairs(plan: Plan, samples: Iterable[PairedSample]) -> list[Pair]:
    """The pairs among `samples`, one run of each, up to the first that is not whole."""
    arms: dict[int, dict[str, PairedSample]] = {}
    for sample in samples:
        arms.setdefault(sample.pair, {})[sample.arm] = sample
    pairs: list[Pair] = []
    for number in range(plan.pairs):
        pair = arms.get(number, {})
        if len(pair) < 2:
            break
        pairs.append(
            Pair(
                baseline=_metrics(pair["baseline"]),
                candidate=_metrics(pair["candidate"]),
                baseline_first=pair["baseline"].order == 0,
            )
        )
    return pairs


def _metrics(paired: PairedSample) -> dict[str, float] | None:
    return dict(paired.sample.metrics) if paired.sample.state is State.OK else None
