"""The run as data for machines: versioned, free of NaN and of secrets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from autotune.core.redact import printable, redacted, secret_values
from autotune.judge.confirmed import as_first_run, plan_for
from autotune.judge.disturbance import disturbance
from autotune.judge.drift import baseline_drift
from autotune.judge.secondary import beyond_chance
from autotune.judge.stability import baseline_values, relative_range, trial_values, unstable
from autotune.judge.warmup import warm_up
from autotune.model.importance import Importance
from autotune.model.profile import Profile
from autotune.model.run import Confirmation, Contest, RunRecord
from autotune.model.study import Study
from autotune.model.trial import Distribution, Sample, State, Trial
from autotune.model.verdict import Verdict
from autotune.report.changing import coerced_data, spent
from autotune.report.contests import contest_data, removed
from autotune.report.front import front_data, objectives_data
from autotune.report.importance import importance_data
from autotune.report.side import Side
from autotune.report.sides import middle, sides
from autotune.report.untested import untested

SCHEMA = "autotune.results/1"
PROFILE_FILE = "profile.yaml"


def results(
    study: Study,
    record: RunRecord,
    verdict: Verdict | None,
    profile: Profile | None,
    importance: Sequence[Importance] = (),
) -> dict[str, Any]:
    """Everything of a run that JSON can hold; resource series, histograms and outputs stay in the store.

    `profile` in it is the name of the profile's file beside this one, or None. Effects are positive where the
    candidate is better; shares are of one, times in seconds, values in their metric's unit.
    """
    metric = study.workload.metric(study.objective)
    baseline: dict[str, Any] = {**study.workload.space.defaults(), **study.baseline}
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "study": {"name": study.name, "document": record.document},
        "run": {"name": record.run, "stopped": record.stopped},
        "objective": {"metric": metric.name, "unit": metric.unit, "direction": metric.direction},
        "objectives": objectives_data(study),
        "front": front_data(study, record),
        "host": record.host,
        "baseline": {
            "config": baseline,
            "samples": [sample_data(sample) for sample in record.baseline],
            "warm_up": warm_up([s.metrics[metric.name] for s in record.baseline if s.state is State.OK]),
            **_spread(baseline_values(record, metric.name)),
        },
        "trials": [
            {**_trial(trial), **_spread(trial_values(record, trial, metric.name))} for trial in record.trials
        ],
        "sentinels": [
            {"before": x.before, "trial": x.trial, **sample_data(x.sample)} for x in record.sentinels
        ],
        "drift": _drift(study, record),
        "importance": importance_data(importance),
        "contests": [_contest(study, contest) for contest in record.contests],
        "confirmations": [_confirmation(confirmation) for confirmation in record.confirmations],
        "verdict": verdict and verdict_data(verdict),
        "sides": [_side(study, side) for side in sides(study, record)],
        "beyond_chance": _beyond_chance(study, record),
        "verdict_without_reruns": _without_reruns(study, record),
        "profile": PROFILE_FILE if profile else None,
        "changes": _changes(profile),
        "taken_back": removed(study, record, record.confirmations[-1]) if record.confirmations else (),
        "risks": profile.risks if profile else {},
        "phases": [{"phase": p.phase, "status": p.status, "seconds": p.seconds} for p in record.phases],
        "seconds": spent(record),
        "not_tested": untested(study, record),
    }
    cleaned: dict[str, Any] = clean(data, secret_values(study.workload.env))
    return cleaned


def clean(value: Any, secrets: frozenset[str]) -> Any:
    """`value` as JSON can hold it: no secret, no control character, None for NaN and infinity."""
    if isinstance(value, Mapping):
        return {clean(str(key), secrets): clean(part, secrets) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean(part, secrets) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    return printable(redacted(str(value), secrets))


def sample_data(sample: Sample) -> dict[str, Any]:
    """One sample without its series, histograms and output."""
    return {
        "state": sample.state,
        "reason": sample.reason,
        "metrics": sample.metrics,
        "counts": sample.counts,
        "distributions": {name: _distribution(found) for name, found in sample.distributions.items()},
        "resources": [
            {"name": r.name, "value": r.value, "unit": r.unit, "source": r.source, "quality": r.quality}
            for r in sample.resources
        ],
        "started": sample.started,
        "monotonic": sample.monotonic,
        "wall_s": sample.wall_s,
        "total_s": sample.total_s,
        "changing_s": sample.changing_s,
        "coerced": coerced_data(sample.coerced),
        "disturbed": str(disturbance(sample) or ""),
        "warnings": sample.warnings,
    }


def _distribution(found: Distribution) -> dict[str, Any]:
    """Without its histogram, which stays in the store."""
    return {
        "unit": found.unit,
        "count": found.count,
        "mean": found.mean,
        "min": found.least,
        "max": found.most,
        "percentiles": [
            {"percent": p.percent, "value": p.value, "low": p.low, "high": p.high} for p in found.percentiles
        ],
        "closed_loop": found.closed,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "number": trial.number,
        "config": trial.config,
        "origin": trial.origin,
        "state": trial.state,
        "reason": trial.reason,
        "value": trial.value,
        "censored": trial.state is State.ABORTED,
        "further": trial.further,
        "violation": trial.violation,
        "coerced": coerced_data(trial.coerced),
        "samples": [sample_data(sample) for sample in trial.samples],
    }


def _drift(study: Study, record: RunRecord) -> dict[str, Any] | None:
    found = baseline_drift(record, study.objective)
    return None if found is None else {**asdict(found), "sentence": found.sentence()}


def _spread(values: list[float]) -> dict[str, Any]:
    return {"relative_range": relative_range(values), "unstable": unstable(values)}


def _contest(study: Study, contest: Contest) -> dict[str, Any]:
    """`entrant` counts from 0, the one that the others are compared with; `order` is how the block ran."""
    samples = [
        {"block": one.block, "entrant": one.entrant, "order": one.order, **sample_data(one.sample)}
        for one in contest.samples
    ]
    return {**contest_data(study, contest), "samples": samples}


def _changes(profile: Profile | None) -> list[dict[str, Any]]:
    """What the profile changes, and what each change adds to the others."""
    return [
        {
            "parameter": change.parameter,
            "from": change.before,
            "to": change.after,
            "unit": change.unit,
            "scope": change.scope,
            "effect": change.effect and asdict(change.effect),
            "shown": change.shown,
            "pairs": change.pairs,
        }
        for change in (profile.changes if profile else ())
    ]


def _confirmation(confirmation: Confirmation) -> dict[str, Any]:
    """`pair` -1 is the warm-up; `order` 0 ran first, which is how the coin fell."""
    return {
        "attempt": confirmation.attempt,
        "round": confirmation.round,
        "trial": confirmation.trial,
        "config": confirmation.config,
        "alpha": confirmation.alpha,
        "pairs": confirmation.pairs,
        "samples": [
            {
                "pair": one.pair,
                "take": one.take,
                "arm": one.arm,
                "order": one.order,
                **sample_data(one.sample),
            }
            for one in confirmation.samples
        ],
    }


def _side(study: Study, side: Side) -> dict[str, Any]:
    """One metric or resource in both arms of the last confirmation: medians over the good samples."""
    directions = {metric.name: metric.direction for metric in study.workload.metrics}
    return {
        "name": side.name,
        "unit": side.unit,
        "direction": directions.get(side.name),
        "baseline": middle(side.baseline),
        "tuned": middle(side.tuned),
        "n": [len(side.baseline), len(side.tuned)],
        "source": side.source,
        "quality": side.quality,
    }


def _beyond_chance(study: Study, record: RunRecord) -> list[str]:
    """Metrics and resources that differ in the last confirmation by more than chance."""
    if not record.confirmations:
        return []
    return sorted(beyond_chance(record.confirmations[-1], [m.name for m in study.workload.metrics]))


def _without_reruns(study: Study, record: RunRecord) -> dict[str, Any] | None:
    if not record.confirmations:
        return None
    last = record.confirmations[-1]
    first = as_first_run(plan_for(study, last), last)
    return None if first is None else verdict_data(first)


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON holds it."""
    effect = verdict.effect
    return {
        "metric": verdict.metric,
        "result": verdict.result,
        "proven": verdict.proven,
        "finished": verdict.finished,
        "effect": effect and asdict(effect),
        "pairs": verdict.pairs,
        "planned_pairs": verdict.planned_pairs,
        "margin": verdict.margin,
        "alpha": verdict.alpha,
        "looks": [{"pairs": x.pairs, "alpha": x.alpha, "p_value": x.p_value} for x in verdict.looks],
        "limits": [
            {"text": x.text, "held": x.held, "seen": x.seen, "worst": x.worst, "bound": x.bound}
            for x in verdict.limits
        ],
        "smallest": verdict.smallest,
        "more_pairs": verdict.more_pairs,
        "failures": {"baseline": verdict.failures_baseline, "candidate": verdict.failures_candidate},
        "order_effect": verdict.order_effect,
        "objectives": [
            {
                "metric": x.metric,
                "result": x.result,
                "effect": x.effect and asdict(x.effect),
                "margin": x.margin,
                "pairs": x.pairs,
            }
            for x in verdict.objectives
        ],
        "warnings": verdict.warnings,
        "explanation": verdict.explanation,
    }
