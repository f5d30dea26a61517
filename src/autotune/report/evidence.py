"""The tables of the page: changes, pairs, trials, sides, the run and its machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from autotune.core.units import show_seconds
from autotune.judge.reduction import own_effects
from autotune.judge.stability import UNSTABLE, relative_range, trial_values
from autotune.model.answers import Answers
from autotune.model.profile import changes
from autotune.model.run import RunRecord
from autotune.model.space import Config, shown
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.model.verdict import Effect, Verdict
from autotune.report.budget import aborted_told, budget_told, cost_told
from autotune.report.changing import coerced_told, seconds_told
from autotune.report.contests import own_each
from autotune.report.front import pick_words
from autotune.report.pairs import Pair, last_pairs, relative_change, value
from autotune.report.side import Side
from autotune.report.sides import middle
from autotune.report.words import NONE, number, percent, plain_percent, quantity, shown_unit


def change_rows(study: Study, record: RunRecord, verdict: Verdict | None) -> list[dict[str, str]]:
    """What the last confirmed configuration changes: what each adds to the others, and the risk it brings."""
    if not record.confirmations or verdict is None:
        return []
    config = record.confirmations[-1].config
    effects = _own_effects(study, record, verdict)
    risks = study.workload.space.risks(config)
    return [
        {
            "parameter": change.parameter,
            "before": shown(change.before),
            "after": shown(change.after),
            "unit": shown_unit(change.unit) or NONE,
            "scope": change.scope,
            "adds": own_each(study, effects, change.parameter),
            "risk": ", ".join(risk for risk, names in risks.items() if change.parameter in names) or "none",
        }
        for change in changes(study.workload.space, study.baseline, config)
    ]


def _own_effects(
    study: Study, record: RunRecord, verdict: Verdict
) -> dict[str, dict[str, tuple[Effect, int]]]:
    """What each change adds, by objective."""
    last = record.confirmations[-1]
    several = [
        replace(verdict, metric=one.metric, effect=one.effect, pairs=one.pairs) for one in verdict.objectives
    ]
    return {one.metric: own_effects(study, record, last, one) for one in several or [verdict]}


def risks_carried(study: Study, record: RunRecord) -> list[str]:
    """Each risk of the last confirmed configuration with the parameters that bring it."""
    if not record.confirmations:
        return []
    found = study.workload.space.risks(record.confirmations[-1].config)
    return [f"{risk} ({', '.join(names)})" for risk, names in found.items()]


def pair_rows(study: Study, record: RunRecord) -> list[tuple[str, str, str, str, str]]:
    """Pair, which arm went first, both values, and the candidate's change."""
    return [_pair_row(study, pair) for pair in last_pairs(record)]


def _pair_row(study: Study, pair: Pair) -> tuple[str, str, str, str, str]:
    metric = study.workload.metric(study.objective)
    change = relative_change(pair, metric.name)
    return (
        str(pair.number + 1),
        "baseline" if pair.first == "baseline" else "tuned",
        _cell(pair.baseline, metric.name, metric.unit),
        _cell(pair.candidate, metric.name, metric.unit),
        NONE if change is None else percent(change),
    )


def _cell(sample: Sample | None, metric: str, unit: str) -> str:
    if sample is None:
        return "not run"
    if sample.state is not State.OK:
        return str(sample.state)
    return quantity(value(sample, metric), unit)


def trial_rows(study: Study, record: RunRecord) -> list[dict[str, Any]]:
    """Every trial: number, state, value, what it changes against the baseline, origin and reason."""
    units = [study.workload.metric(name).unit for name in study.objectives]
    confirmed = {confirmation.trial for confirmation in record.confirmations}
    base = {**study.workload.space.defaults(), **study.baseline}
    return [
        {
            "number": trial.number,
            "state": str(trial.state),
            "failed": trial.state not in {State.OK, State.RUNNING, State.ABORTED},
            "confirmed": trial.number in confirmed,
            "values": [
                _bounded(trial) + quantity(one, unit)
                for one, unit in zip_longest(_values(trial), units)
                if unit is not None
            ],
            "samples": len(trial.samples),
            "config": _difference(base, trial.config),
            "note": _note(study, record, trial),
        }
        for trial in record.trials
    ]


def _bounded(trial: Trial) -> str:
    """What says that the value is more than the bound shown, since the trial was aborted there."""
    return "> " if trial.state is State.ABORTED else ""


def _values(trial: Trial) -> tuple[float | None, ...]:
    return (trial.value, *trial.further)


def _difference(base: Config, config: Config) -> str:
    changed = [f"{name}={shown(v)}" for name, v in config.items() if name not in base or base[name] != v]
    return ", ".join(changed) or "as the baseline"


def _note(study: Study, record: RunRecord, trial: Trial) -> str:
    missed = "a limit was missed" if trial.violation > 0 else ""
    spread = relative_range(trial_values(record, trial, study.objective))
    apart = ""
    if spread is not None and spread >= UNSTABLE:
        apart = f"unstable: its values span {plain_percent(spread)} of their mean"
    coerced = coerced_told(trial.coerced)
    return "; ".join(part for part in (trial.reason, coerced, missed, apart, f"from {trial.origin}") if part)


def side_rows(rows: tuple[Side, ...], beyond_chance: Collection[str]) -> list[dict[str, str]]:
    """Medians with n of each arm, the change of the median, whether chance explains it, source, quality."""
    return [
        {
            "name": row.name,
            "baseline": quantity(middle(row.baseline), row.unit),
            "tuned": quantity(middle(row.tuned), row.unit),
            "change": _median_change(row),
            "sure": "yes" if row.name in beyond_chance else NONE,
            "n": f"{len(row.baseline)} / {len(row.tuned)}",
            "source": row.source,
            "quality": row.quality,
        }
        for row in rows
    ]


def _median_change(row: Side) -> str:
    before, after = middle(row.baseline), middle(row.tuned)
    return percent(after / before - 1) if before and after is not None and before > 0 else NONE


def run_facts(study: Study, record: RunRecord) -> list[tuple[str, str]]:
    """How the run was set up and how far it came."""
    budget = study.budget
    facts = [
        *_objective_facts(study),
        ("Limits", "; ".join(limit.text for limit in study.limits) or "none"),
        ("Sampler", f"{study.sampler.name}, seed {study.sampler.seed}"),
        ("Budget", f"{budget_told(budget)}; {study.validation.pairs} pairs"),
        ("Risks allowed", ", ".join(sorted(study.allow_risk)) or "none"),
        ("Search ended", record.stopped or "not yet"),
    ]
    if study.abort is not None:
        facts.append(("Aborted", aborted_told(study.abort, record)))
    if answers := record.host.get("answers"):
        facts.append(("Answers", Answers(**answers).sentence()))
    if budget.cost is not None:
        facts.append(("Cost", cost_told(budget.cost, sum(p.seconds for p in record.phases))))
    if told := seconds_told(record):
        facts.append(("Seconds", told))
    times = [(f"Phase: {p.phase}", f"{p.status}, {show_seconds(p.seconds)}") for p in record.phases]
    return facts + times


def _objective_facts(study: Study) -> list[tuple[str, str]]:
    wanted = "; ".join(f"{way} {one}" for way, one in zip(study.directions, study.objectives, strict=True))
    if not study.further:
        return [("Objective", wanted)]
    return [("Objectives", wanted), ("Pick", pick_words(study))]


def host_facts(host: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the machine looked like, groups flattened."""
    machine = {name: value for name, value in host.items() if name != "answers"}  # told beside the budget
    return [(name.replace("_", " "), text) for name, text in _flat("", machine)]


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(f"{prefix} {key}".strip(), part)
    elif isinstance(value, (list, tuple)):
        yield prefix, ", ".join(map(_text, value))
    else:
        yield prefix, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number(value)
    return NONE if value is None else str(value).lower() if isinstance(value, bool) else str(value)
