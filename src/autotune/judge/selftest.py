"""What pairs of a configuration with itself say of a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, expm1, log1p

import numpy as np

from autotune.judge.confirmed import verdict_on, whole_pairs
from autotune.judge.doubts import Modes, drifts, modes, order_effect, order_matters
from autotune.judge.drift import Drift, drift
from autotune.judge.floor import floor
from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.objective import LEAST, objective_differences
from autotune.judge.paired import LARGEST_LOG, Differences, both_arms
from autotune.judge.plan import Plan
from autotune.judge.power import needed_pairs, smallest_shift
from autotune.judge.signedrank import Interval, interval
from autotune.judge.walsh import walsh_averages
from autotune.model.run import Confirmation
from autotune.model.trial import State
from autotune.model.verdict import Result, Verdict

SIZES = (0.01, 0.02, 0.05, 0.10)
"""Changes for which the pairs are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """A configuration against itself over `pairs` good pairs.

    `sd` is that of a pair's difference (of its logarithm where `relative`); `floor`, `smallest` (80 % power)
    and `order_effect` are shares, or in the metric's unit. `needed` are pairs by the size of a change (none
    where not relative). `level_drift` is that of the samples, `difference_drifts` that of the pairs.
    """

    pairs: int
    relative: bool
    middle: float
    sd: float
    floor: float
    smallest: float | None
    needed: Mapping[float, int]
    order_effect: float | None
    order_matters: bool
    level_drift: Drift | None
    difference_drifts: bool
    modes: Modes | None
    verdict: Verdict

    @property
    def false_alarm(self) -> bool:
        """Whether the verdict called a configuration different from itself."""
        return self.verdict.result in {Result.BETTER, Result.WORSE}


def selftest(plan: Plan, confirmation: Confirmation, *, seed: int) -> SelfTest | None:
    """What the confirmation, of a configuration with itself, says; None with fewer than 6 good pairs.

    The 2,000 redraws of the coins come from `seed`.
    """
    pairs = [p for p in whole_pairs(plan, confirmation.used) if _good(p.baseline, p.candidate, plan.metric)]
    if len(pairs) < LEAST:
        return None
    seen = objective_differences(both_arms(pairs, plan.metric), plan)
    level = nominal_levels(looks(len(pairs)), plan.alpha)[-1]
    tested = interval(walsh_averages(seen.values), level)
    coins = np.array([pair.baseline_first for pair in pairs], dtype=bool)
    values = _in_order(confirmation, plan.metric)
    size = floor(seen.values, seed=seed)
    return SelfTest(
        pairs=len(pairs),
        relative=seen.relative,
        middle=float(np.median(values)),
        sd=float(np.std(seen.values, ddof=1)),
        floor=expm1(min(size, LARGEST_LOG)) if seen.relative else size,
        smallest=_smallest(seen, tested),
        needed=_needed(seen, tested, level),
        order_effect=order_effect(seen, coins),
        order_matters=order_matters(seen, coins),
        difference_drifts=drifts(seen),
        level_drift=drift(values, range(len(values)), plan.metric),
        modes=modes(np.asarray(values)),
        verdict=verdict_on(plan, confirmation),
    )


def _good(one: Mapping[str, float] | None, other: Mapping[str, float] | None, metric: str) -> bool:
    return one is not None and other is not None and metric in one and metric in other


def _smallest(seen: Differences, tested: Interval | None) -> float | None:
    if tested is None:
        return None
    shift = smallest_shift(tested)
    return expm1(min(shift, LARGEST_LOG)) if seen.relative else shift


def _needed(seen: Differences, tested: Interval | None, level: float) -> dict[float, int]:
    if tested is None or not seen.relative:
        return {}
    count = len(seen.values)
    return {
        size: max(LEAST, ceil(needed_pairs(tested, pairs=count, distance=log1p(size), level=level)))
        for size in SIZES
    }


def _in_order(confirmation: Confirmation, metric: str) -> list[float]:
    """The metric of the good samples that count, as they were taken."""
    samples = [s.sample for s in confirmation.used if s.pair >= 0 and s.sample.state is State.OK]
    ordered = sorted(samples, key=lambda sample: sample.monotonic)
    return [sample.metrics[metric] for sample in ordered if metric in sample.metrics]
