"""How steady the machine and the workload were while the run went on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autotune.judge.brevity import too_short
from autotune.judge.confirmed import as_first_run, plan_for
from autotune.judge.disturbance import disturbance
from autotune.judge.drift import watched
from autotune.judge.margin import study_margin_told
from autotune.judge.stability import UNSTABLE, baseline_values, relative_range, trial_values
from autotune.judge.warmup import left_out, warm_up
from autotune.model.run import Confirmation, RunRecord, Sentinel
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.report.pairs import value
from autotune.report.sides import middle
from autotune.report.text import verdict_sentence
from autotune.report.words import NONE, percent, plain_percent, quantity


def steadiness(study: Study, record: RunRecord) -> dict[str, Any]:
    """What the page says of it: `doubts` as sentences, of `drift` one, `sentinels` as rows."""
    return {
        "doubts": list(_doubts(study, record)),
        "drift": watched(record, study.objective),
        "sentinels": [_sentinel(study, record, sentinel) for sentinel in record.sentinels],
    }


def _doubts(study: Study, record: RunRecord) -> Iterator[str]:
    for change in record.host.get("accepted_changes", []):
        yield f"samples from before and after a change stand side by side here: {change}"
    if told := study_margin_told(study, record.host):
        yield told
    first = [v for s in record.baseline if (v := value(s, study.objective)) is not None]
    if count := warm_up(first):
        yield left_out(count, len(first))
    if told := too_short(record):
        yield told
    yield from _unstable(study, record)
    yield from _disturbed(record)
    if record.confirmations and (told := second_runs(study, record.confirmations[-1])):
        yield told


def _unstable(study: Study, record: RunRecord) -> Iterator[str]:
    """Configurations whose samples lie far apart, the confirmed ones and the baseline alone."""
    spread = relative_range(baseline_values(record, study.objective))
    if spread is not None and spread >= UNSTABLE:
        yield f"the baseline is unstable: its values span {plain_percent(spread)} of their mean"
    confirmed = {c.trial for c in record.confirmations}
    for trial in record.trials:
        spread = relative_range(trial_values(record, trial, study.objective))
        if trial.number in confirmed and spread is not None and spread >= UNSTABLE:
            yield f"trial {trial.number} is unstable: its values span {plain_percent(spread)} of their mean"


def _disturbed(record: RunRecord) -> Iterator[str]:
    """How many samples of each phase something else on the machine disturbed."""
    phases = {
        "baseline": list(record.baseline),
        "search": [s for t in record.trials for s in t.samples],
        "last confirmation": [x.sample for c in record.confirmations[-1:] for x in c.used if x.pair >= 0],
    }
    for phase, samples in phases.items():
        found = [seen for sample in samples if (seen := disturbance(sample))]
        if found:
            worst = max(found, key=lambda seen: seen.size)
            yield f"{phase}: {len(found)} of {len(samples)} samples were disturbed, the worst: {worst}"


def second_runs(study: Study, confirmation: Confirmation) -> str:
    """What was run again and what the verdict would be without it, in words; empty where nothing was."""
    first = as_first_run(plan_for(study, confirmation), confirmation)
    if first is None:
        return ""
    count = len({s.pair for s in confirmation.samples if s.take})
    pairs = "1 disturbed pair was" if count == 1 else f"{count} disturbed pairs were"
    again = f"{pairs} run again, both arms (at most one pair in five is)"
    return f"{again}; without the second runs: {verdict_sentence(study, first)}"


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
