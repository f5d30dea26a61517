"""Whether the candidate keeps each limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.median import median_interval
from autotune.judge.objective import LEAST, ONE_SIDED
from autotune.judge.paired import Differences, column, differences
from autotune.judge.plan import Pair, Plan
from autotune.judge.power import more_pairs
from autotune.judge.signedrank import Interval, interval
from autotune.judge.walsh import Floats, walsh_averages
from autotune.model.study import Limit
from autotune.model.verdict import Held, LimitVerdict

FAILURES = "failures"  # the metric that counts failed samples


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitAnswer:
    """A limit's verdict; `slack` is the interval of the distance kept from the bound, over `pairs`."""

    verdict: LimitVerdict
    slack: Interval | None = None
    pairs: int = 0

    def needed(self, plan: Plan) -> int | None:
        """About how many more pairs would judge it, if the estimate is true; None where no number helps."""
        if self.slack is None:
            return None
        level = nominal_levels(looks(plan.pairs), 2 * ONE_SIDED)[-1]
        return more_pairs(self.slack, pairs=self.pairs, distance=abs(self.slack.estimate), level=level)


def judge_limit(limit: Limit, pairs: Sequence[Pair], plan: Plan) -> LimitAnswer:
    """The first look at which `limit` is held or broken, else the last one reached, else what was seen.

    Held and broken are one-sided claims that spend 5 % each over the looks, so that a broken limit is called
    held in at most 5 %, and one that is kept is called broken in at most 5 %. `seen` and `worst` of the
    verdict are in the terms of the bound: relative, the ratio to the baseline; absolute, the median of the
    candidate's samples; `metric - bound * baseline` against 0 where a relative limit meets values of 0 or
    less. Before there are pairs enough for a bound, `worst` is the worst pair or sample. Failures are counted
    over all `pairs` and need no look.
    """
    if limit.metric == FAILURES:
        return LimitAnswer(verdict=_counted(limit, pairs))
    planned = looks(plan.pairs)
    found = None
    for count, level in zip(planned, nominal_levels(planned, 2 * ONE_SIDED), strict=True):
        if count > len(pairs):
            break
        found = _at_look(limit, pairs[:count], level)
        if found.verdict.held is not Held.UNSURE:
            break
    return found or _at_look(limit, pairs, None)


def _counted(limit: Limit, pairs: Sequence[Pair]) -> LimitVerdict:
    seen = sum(pair.candidate is None for pair in pairs)
    of_baseline = sum(pair.baseline is None for pair in pairs)
    bound = limit.bound * of_baseline if limit.kind == "relative" else limit.bound
    kept = seen <= bound if limit.operator == "<=" else seen >= bound
    held = Held.HELD if kept else Held.BROKEN
    return LimitVerdict(text=limit.text, held=held, seen=seen, worst=seen, bound=bound)


def _at_look(limit: Limit, pairs: Sequence[Pair], level: float | None) -> LimitAnswer:
    slack = _slack(limit, pairs)
    values = slack.informative  # where both arms failed nothing was seen of the metric
    found = _interval(limit, values, level) if level and len(values) >= LEAST else None
    centre, lowest = (found.estimate, found.low) if found else _seen(values)
    verdict = LimitVerdict(
        text=limit.text,
        held=_held(found),
        seen=_in_terms_of_bound(limit, slack, centre),
        worst=_in_terms_of_bound(limit, slack, lowest),
        bound=0.0 if limit.kind == "relative" and not slack.relative else limit.bound,
    )
    return LimitAnswer(verdict=verdict, slack=found, pairs=len(values))


def _slack(limit: Limit, pairs: Sequence[Pair]) -> Differences:
    """How far the candidate stays on the right side of the bound in each pair; positive keeps it."""
    candidate = column((pair.candidate for pair in pairs), limit.metric)
    if limit.kind == "relative":
        bound = limit.bound * column((pair.baseline for pair in pairs), limit.metric)
    else:
        bound = np.full(len(pairs), limit.bound)
    return differences(bound, candidate, direction="minimize" if limit.operator == "<=" else "maximize")


def _interval(limit: Limit, values: Floats, level: float) -> Interval | None:
    """Signed-rank where the coin of each pair makes it exact, else the sign test of the samples' median."""
    if limit.kind == "relative":
        return interval(walsh_averages(values), level)
    return median_interval(values, level)


def _seen(values: Floats) -> tuple[float, float]:
    return (float(np.median(values)), float(values.min())) if len(values) else (0.0, 0.0)


def _held(slack: Interval | None) -> Held:
    if slack and slack.low >= 0:
        return Held.HELD
    return Held.BROKEN if slack and slack.high < 0 else Held.UNSURE


def _in_terms_of_bound(limit: Limit, slack: Differences, difference: float) -> float:
    sign = -1.0 if limit.operator == "<=" else 1.0
    change = sign * slack.change(difference)
    if slack.relative:
        return limit.bound * (1 + change)
    return change if limit.kind == "relative" else limit.bound + change
