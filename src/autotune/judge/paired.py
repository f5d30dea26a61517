"""Paired differences between the arms, turned so that positive is better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import frexp, ldexp, nan

import numpy as np
from numpy.typing import NDArray

from autotune.judge.grain import grain
from autotune.judge.plan import Pair
from autotune.judge.walsh import Floats
from autotune.model.workload import Direction

_BEYOND = 4.0  # a failure lies so many times beyond the largest difference and the largest shift tested
_FINEST = 40  # bits kept: equal changes stay equal, whatever the rounding of the numbers they come from
_SMALLEST_EXPONENT = -1000
_LARGEST = 1e300  # sums of larger numbers overflow
LARGEST_LOG = 700.0  # exp of more is no finite number


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """`values`: (n,) differences, one per pair; `relative`: on the log scale, else in the metric's unit.

    `measured`: (n,) false where both arms failed, so that the pair says nothing about the metric. `grain`:
    how far all differences may be off alike, on their scale, where values come in steps.
    """

    values: Floats
    measured: NDArray[np.bool_]
    relative: bool
    direction: Direction
    grain: float = 0.0

    @property
    def informative(self) -> Floats:
        """The differences of the pairs in which at least one arm was measured."""
        return np.asarray(self.values[self.measured])

    def change(self, difference: float) -> float:
        """`difference` as people say it, positive is better.

        Relative: exp(d) - 1 where more is better, so 0.18 is 18 % more; 1 - exp(-d) where less is better, so
        0.18 is 18 % less. Both are |candidate / baseline - 1|, signed. Absolute: the difference itself.
        """
        if not self.relative:
            return difference
        logarithm = min(max(difference, -LARGEST_LOG), LARGEST_LOG)
        return float(np.expm1(logarithm) if self.direction == "maximize" else -np.expm1(-logarithm))


def column(arm: Iterable[Mapping[str, float] | None], metric: str) -> Floats:
    """`metric` of each sample; NaN where the sample failed, lacks it, or holds no usable number."""
    values = np.array([nan if sample is None else sample.get(metric, nan) for sample in arm], dtype=float)
    values[~(np.abs(values) <= _LARGEST)] = nan
    return values


def both_arms(pairs: Sequence[Pair], metric: str) -> Floats:
    """(2, n): `metric` of the baseline's samples and of the candidate's, as `column` has them."""
    arms = ([pair.baseline for pair in pairs], [pair.candidate for pair in pairs])
    return np.array([column(arm, metric) for arm in arms])


def differences(
    baseline: Floats, candidate: Floats, *, direction: Direction, reach: float = 0.0
) -> Differences:
    """Candidate against baseline, pair by pair: (n,) and (n,) give n differences; NaN is a failed sample.

    log(candidate / baseline), or candidate - baseline where any value is 0 or less. A failed sample counts
    as worse than anything measured: its pair's difference lies beyond every other one and beyond `reach`, the
    largest shift that will be tested; where both failed it is 0.
    """
    failed_baseline, failed_candidate = np.isnan(baseline), np.isnan(candidate)
    everything = np.concatenate([baseline[~failed_baseline], candidate[~failed_candidate]])
    relative = bool((everything > 0).all())
    one, other = (np.log(baseline), np.log(candidate)) if relative else (baseline, candidate)
    sign = 1.0 if direction == "maximize" else -1.0
    scale = 1.0 if relative else float(np.abs(everything).max())
    values = _rounded(sign * (other - one), scale)
    values = with_failures(values, failed_candidate.astype(float) - failed_baseline, reach=reach)
    measured = ~(failed_baseline & failed_candidate)
    return Differences(
        values=values,
        measured=measured,
        relative=relative,
        direction=direction,
        grain=grain((one, other), values[~(failed_baseline | failed_candidate)]),
    )


def with_failures(values: Floats, blame: Floats, *, reach: float) -> Floats:
    """`values` with NaN filled: `blame` 1 is the candidate's failure, -1 the baseline's, 0 both arms'."""
    known = np.abs(values[~np.isnan(values)])
    beyond = _BEYOND * max(float(known.max(initial=1.0)), reach)
    return np.where(np.isnan(values), -beyond * blame + 0.0, values)


def _rounded(values: Floats, scale: float) -> Floats:
    """`values` to 40 bits of `scale`, so that rounding neither makes nor breaks a tie."""
    quantum = ldexp(1.0, max(frexp(scale)[1] - _FINEST, _SMALLEST_EXPONENT))
    return np.rint(values / quantum) * quantum + 0.0
