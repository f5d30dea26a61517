"""How long a trial's sample may take before it is clearly worse than the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autotune.core.units import factor, show_seconds
from autotune.judge.seen import median
from autotune.model.study import Study
from autotune.model.trial import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Where a trial is aborted: the objective's `value` in its unit, the same in `seconds`, why in words."""

    value: float
    seconds: float
    reason: str


def bound(study: Study, baseline: Sequence[Sample]) -> Bound | None:
    """So many times the median of the good `baseline` samples as the study says; None where it says nothing.

    The objective is the wall time of the sample: what is started now and has not ended after `seconds` has a
    value above `value`, whatever else becomes of it.
    """
    if study.abort is None:
        return None
    value = study.abort.beyond * median(baseline, study.objective)
    seconds = value * factor(study.workload.metric(study.objective).unit or "s", "s")
    told = f"aborted at {study.abort.beyond:g} x the baseline, after {show_seconds(seconds)}"
    return Bound(value=value, seconds=seconds, reason=told)


def beyond_timeout(study: Study, aborted: Bound | None) -> str:
    """That no trial will be aborted, since the time-out comes first; empty where some may be."""
    allowed_s = study.workload.timeout_s
    if study.abort is None or aborted is None or aborted.seconds < allowed_s:
        return ""
    return (
        f"nothing is aborted: {study.abort.beyond:g} x the baseline is {show_seconds(aborted.seconds)}, and "
        f"the workload's timeout of {show_seconds(allowed_s)} comes first"
    )
