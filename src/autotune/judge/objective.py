"""The objective's answer: the first planned look that gives one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log1p

from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.paired import Differences, differences
from autotune.judge.plan import Plan
from autotune.judge.power import more_pairs
from autotune.judge.signedrank import Interval, interval, p_value
from autotune.judge.walsh import Floats, walsh_averages
from autotune.model.verdict import Look, Result

ONE_SIDED = 0.05  # what each claim "no farther than the bound" may spend, over all looks
_SLIVER = 1e-3  # of a step: as near to zero as an end comes that leaves it out
LEAST = 6  # pairs below which no exact test reaches 5 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the deciding look says about the objective, or the last one reached where none decides.

    `tested` is the interval at the look's level, `within` that of the two one-sided tests at the margin.
    `margin` is on the scale of the differences; None where the plan has none for it.
    """

    result: Result
    looks: tuple[Look, ...]
    differences: Differences
    tested: Interval | None
    within: Interval | None
    within_level: float
    margin: float | None

    @property
    def settled(self) -> bool:
        """Whether more pairs cannot change it: answered, or different without a margin to answer by."""
        hopeless = self.margin is None and bool(self.differences.informative.any())
        return hopeless or self.result is not Result.UNDECIDED

    @property
    def shown(self) -> tuple[Interval | None, float]:
        """The interval that carries the answer, with room for the grain of the values, and its confidence."""
        if self.result is Result.EQUIVALENT:
            return _widened(self.within, self.differences.grain), 1 - self.within_level
        return _widened(self.tested, self.differences.grain), 1 - self.looks[-1].alpha

    def needed(self, plan: Plan) -> int | None:
        """About how many more pairs would answer it, if the estimate is true; None where no number helps."""
        if self.tested is None or self.margin is None:
            return None
        distance, alpha = abs(self.tested.estimate), plan.alpha
        if distance < self.margin:
            distance, alpha = self.margin - self.differences.grain - distance, 2 * ONE_SIDED
        level = nominal_levels(looks(plan.pairs), alpha)[-1]
        return more_pairs(self.tested, pairs=self.looks[-1].pairs, distance=distance, level=level)


def answer(arms: Floats, plan: Plan) -> Answer | None:
    """The answer of the first look that is not undecided, else of the last one reached; None before any.

    `arms` are the (2, n) samples of baseline and candidate, pair by pair.

    A claim that has been answered is not tested again, so what the looks up to there spent is all that it can
    err by.
    """
    planned = looks(plan.pairs)
    levels = nominal_levels(planned, plan.alpha)
    one_sided = nominal_levels(planned, 2 * ONE_SIDED)
    found: Answer | None = None
    for count, level, within_level in zip(planned, levels, one_sided, strict=True):
        if count > arms.shape[1]:
            break
        before = found.looks if found else ()
        found = _at_look(arms[:, :count], plan, before, level=level, within_level=within_level)
        if found.result is not Result.UNDECIDED:
            break
    return found


def last_look(arms: Floats, plan: Plan) -> Answer | None:
    """What the last look reached says by itself, whatever earlier ones said; None before any.

    No claim: its interval is the repeated one, which covers over all looks wherever they end.
    """
    planned = looks(plan.pairs)
    reached = [at for at, count in enumerate(planned) if count <= arms.shape[1]]
    if not reached:
        return None
    last = reached[-1]
    level = nominal_levels(planned, plan.alpha)[last]
    within_level = nominal_levels(planned, 2 * ONE_SIDED)[last]
    found = _at_look(arms[:, : planned[last]], plan, (), level=level, within_level=within_level)
    return replace(found, result=Result.UNDECIDED)


def _at_look(
    arms: Floats, plan: Plan, before: tuple[Look, ...], *, level: float, within_level: float
) -> Answer:
    seen = objective_differences(arms, plan)
    averages = walsh_averages(seen.values)
    tested = interval(averages, level)
    informative = averages if seen.measured.all() else walsh_averages(seen.informative)
    within = interval(informative, within_level)
    margin = log1p(plan.margin) if seen.relative else plan.absolute_margin
    return Answer(
        result=_result(seen, tested, within, margin),
        looks=(*before, Look(pairs=arms.shape[1], alpha=level, p_value=p_value(averages))),
        differences=seen,
        tested=tested,
        within=within,
        within_level=within_level,
        margin=margin,
    )


def objective_differences(arms: Floats, plan: Plan) -> Differences:
    """Differences of the objective's metric over the pairs of the (2, n) `arms`."""
    baseline, candidate = arms
    return differences(
        baseline,
        candidate,
        direction=plan.direction,
        reach=max(log1p(plan.margin), plan.absolute_margin or 0.0),
    )


def _widened(found: Interval | None, by: float) -> Interval | None:
    """`found` with `by` more to either side; an end that says which way it differs stays on its side of zero.

    For the coin makes the test of "no difference" exact, however coarse the values are.
    """
    if found is None or not by:
        return found
    low, high = found.low - by, found.high + by
    if found.low > 0:
        low = min(found.low, max(low, _SLIVER * by))
    if found.high < 0:
        high = max(found.high, min(high, -_SLIVER * by))
    return replace(found, low=low, high=high)


def _result(
    seen: Differences, tested: Interval | None, within: Interval | None, margin: float | None
) -> Result:
    if len(seen.informative) < LEAST:
        return Result.UNDECIDED
    if tested and margin is not None and abs(tested.estimate) >= margin:
        if tested.low > 0:
            return Result.BETTER
        if tested.high < 0:
            return Result.WORSE
    allowed = (margin or 0.0) - seen.grain  # without a margin only equal samples are equivalent
    if within and -allowed <= within.low and within.high <= allowed:
        return Result.EQUIVALENT
    return Result.UNDECIDED
