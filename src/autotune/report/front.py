"""Several objectives: what stands where, from the search's front to the proof."""

from __future__ import annotations

from statistics import StatisticsError
from typing import Any

from autotune.judge.seen import value as amount
from autotune.judge.standing import front_of, point, reference, volume
from autotune.judge.warmup import warm_up
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.model.verdict import Verdict
from autotune.report.contests import effect_words
from autotune.report.pairs import last_pairs, value
from autotune.report.sides import middle
from autotune.report.words import NONE, number, objective_margin, plain_percent, quantity


def start(study: Study, record: RunRecord) -> tuple[float, ...] | None:
    """The baseline's values of several objectives before the search; None where it was not measured."""
    if not study.further:
        return None
    good = [s for s in record.baseline if s.state is State.OK]
    first = warm_up([s.metrics[study.objective] for s in good])
    try:
        return tuple(amount(study.workload.metric(name), good[first:]) for name in study.objectives)
    except StatisticsError:
        return None


def picked(record: RunRecord) -> int | None:
    """The number of the trial that was confirmed last; None where none was."""
    return record.confirmations[-1].trial if record.confirmations else None


def objectives_data(study: Study) -> list[dict[str, Any]]:
    """Every objective with the margin that counts, for machines."""
    found = []
    for one in study.each:
        metric = study.workload.metric(one.objective)
        found.append(
            {
                "metric": metric.name,
                "unit": metric.unit,
                "direction": metric.direction,
                "min_gain": one.validation.min_gain,
                "min_difference": one.validation.min_difference,
            }
        )
    return found


def front_data(study: Study, record: RunRecord) -> dict[str, Any] | None:
    """The front as the search saw it, for machines; None with one objective, and before a baseline."""
    base = start(study, record)
    if base is None:
        return None
    return {
        "trials": [{"number": t.number, "values": point(t)} for t in front_of(study, record.trials)],
        "picked": picked(record),
        "baseline": base,
        "reference": reference(study, base),
        "hypervolume": volume(study, record.trials, base),
    }


def front_view(study: Study, record: RunRecord) -> dict[str, Any] | None:
    """What the page says of the front; None with one objective, and before a baseline."""
    base = start(study, record)
    if base is None:
        return None
    front = front_of(study, record.trials)
    floor = reference(study, base)
    return {
        "pick": pick_words(study),
        "names": list(study.objectives),
        "rows": [_row(study, record, trial) for trial in front],
        "baseline": _values(study, base),
        "reference": _and(f"{n} {v}" for n, v in zip(study.objectives, _values(study, floor), strict=True)),
        "below": floor != base,
        "volume": number(volume(study, record.trials, base)),
    }


def _row(study: Study, record: RunRecord, trial: Trial) -> dict[str, Any]:
    chosen = trial.number == picked(record)
    return {"trial": trial.number, "values": _values(study, point(trial)), "chosen": chosen}


def _values(study: Study, values: tuple[float, ...]) -> list[str]:
    return [
        quantity(one, study.workload.metric(name).unit)
        for name, one in zip(study.objectives, values, strict=True)
    ]


def pick_words(study: Study) -> str:
    """What the pick asks for."""
    pick, first = study.pick, study.objectives[0]
    if pick.kind == "weights":
        return "the largest sum of gains, weighted " + ", ".join(
            f"{name} {number(pick.weights[name])}" for name in study.objectives
        )
    if pick.kind == "lexicographic":
        within = "its margin" if pick.within is None else plain_percent(pick.within)
        return (
            f"the best of {', then of '.join(study.objectives)}; what is within {within} counts as the best"
        )
    if pick.kind == "bounded":
        most = "most" if study.directions[0] == "maximize" else "least"
        return f"the {most} {first} with {_and(limit.text for limit in pick.subject_to)}"
    return "the knee: the largest sum of gains, each as a share of the best that the front reaches"


def _and(parts: Any) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else str(last)


def objective_rows(study: Study, record: RunRecord, verdict: Verdict | None) -> list[dict[str, str]]:
    """Every objective over the pairs of the proof: both medians, the change with its interval, the answer."""
    if verdict is None:
        return []
    pairs = last_pairs(record)
    rows = []
    for found in verdict.objectives:
        metric = study.workload.metric(found.metric)
        base = [v for p in pairs if (v := value(p.baseline, metric.name)) is not None]
        tuned = [v for p in pairs if (v := value(p.candidate, metric.name)) is not None]
        rows.append(
            {
                "name": f"{metric.name} ({'more' if metric.direction == 'maximize' else 'less'} is better)",
                "baseline": quantity(middle(base), metric.unit),
                "tuned": quantity(middle(tuned), metric.unit),
                "change": effect_words(study.of(found.metric), found.effect),
                "level": plain_percent(found.effect.level) if found.effect else NONE,
                "pairs": str(found.pairs),
                "margin": objective_margin(found, metric.unit),
                "answer": str(found.result) if found.result else _untested(study, found.metric),
            }
        )
    return rows


def _untested(study: Study, name: str) -> str:
    bounded = name in {limit.metric for limit in study.pick.subject_to}
    return "bounded by a limit" if bounded else "not tested"
