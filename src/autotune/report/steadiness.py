"""How steady the machine and the workload were while the run went on."""

from __future__ import annotations

from typing import Any

from autotune.judge.drift import baseline_drift
from autotune.model.run import RunRecord, Sentinel
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.report.pairs import value
from autotune.report.sides import middle
from autotune.report.words import NONE, percent, quantity


def steadiness(study: Study, record: RunRecord) -> dict[str, Any]:
    """What the page says of it: `doubts` as sentences, `sentinels` as rows."""
    drift = baseline_drift(record, study.objective)
    return {
        "doubts": [drift.sentence()] if drift else [],
        "sentinels": [_sentinel(study, record, sentinel) for sentinel in record.sentinels],
    }


def _sentinel(study: Study, record: RunRecord, sentinel: Sentinel) -> dict[str, str]:
    """Before which trial, whose configuration, what it was first and what it is now, and the change."""
    metric = study.workload.metric(study.objective)
    first = _first(study, record, sentinel)
    again = value(sentinel.sample, metric.name)
    comparable = first is not None and again is not None and first > 0
    return {
        "before": str(sentinel.before),
        "whose": "baseline" if sentinel.trial < 0 else f"trial {sentinel.trial}",
        "first": quantity(first, metric.unit),
        "again": quantity(again, metric.unit) if again is not None else str(sentinel.sample.state),
        "change": percent(again / first - 1) if comparable and first and again is not None else NONE,
    }


def _first(study: Study, record: RunRecord, sentinel: Sentinel) -> float | None:
    """The baseline's median, or what the search saw of the trial."""
    if sentinel.trial >= 0:
        return next((t.value for t in record.trials if t.number == sentinel.trial), None)
    seen = [s.metrics[study.objective] for s in record.baseline if s.state is State.OK]
    return middle(seen)
