"""What a run did not test, so that nobody takes its answer for more than it is."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.core.units import show_seconds
from autotune.judge.reduction import of_round
from autotune.judge.standing import front_of
from autotune.model.run import RunRecord
from autotune.model.space import UNSET, Parameter, Value, shown
from autotune.model.study import Study
from autotune.model.trial import Trial
from autotune.report.words import one_line

_MOST_LISTED = 8


def untested(study: Study, record: RunRecord) -> tuple[str, ...]:
    """One sentence per gap: values, parameters, risks, combinations, machines, time."""
    return tuple(one_line(sentence) for sentence in _gaps(study, record))


def _gaps(study: Study, record: RunRecord) -> Iterator[str]:
    measured = [t for t in record.trials if t.state.valued or t.state.failed]
    for parameter in study.workload.space.parameters:
        usual = study.baseline.get(parameter.name, parameter.default)
        if parameter.name in study.freeze:
            yield f"{parameter.name}: only {shown(usual)}; the study freezes it."
        else:
            yield from _parameter(parameter, measured, usual)
    yield from _risks(study)
    yield from _combination(record)
    yield from _front(study, record)
    yield (
        "Other machines, other data and other load: the proof holds for the machine described here and for "
        f"the workload '{study.workload.name}' as it was run."
    )
    yield _duration(study)


def _parameter(parameter: Parameter, trials: list[Trial], baseline: Value) -> Iterator[str]:
    tried = {shown(t.config[parameter.name]) for t in trials if parameter.name in t.config}
    tried.add(shown(baseline))
    if len(tried) == 1:
        yield f"{parameter.name}: only {next(iter(tried))} was measured."
        return
    listed = [shown(value) for value in (*parameter.values, *parameter.special)]
    missed = [value for value in listed if value not in tried]
    if missed:
        more = f" and {len(missed) - _MOST_LISTED} more" if len(missed) > _MOST_LISTED else ""
        yield f"{parameter.name}: never measured with {', '.join(missed[:_MOST_LISTED])}{more}."
    if parameter.numeric:
        yield _range(parameter, trials, len(tried - {UNSET}))


def _range(parameter: Parameter, trials: list[Trial], count: int) -> str:
    found = [v for t in trials for v in _in_range(t.config.get(parameter.name), parameter)]
    seen = f", from {shown(min(found))} to {shown(max(found))}" if found else ""
    values = "value" if count == 1 else "values"
    domain = f"{shown(parameter.low)} to {shown(parameter.high)} {parameter.unit}".rstrip()
    return f"{parameter.name}: {count} {values} measured{seen}; the range is {domain}."


def _in_range(value: Value, parameter: Parameter) -> list[float]:
    """The value, unless it is a special one beside the range."""
    if isinstance(value, (bool, str)) or value is None:
        return []
    return [value] if parameter.low <= value <= parameter.high else []


def _risks(study: Study) -> Iterator[str]:
    for parameter in study.workload.space.parameters:
        for risk, expression in parameter.risks.items():
            if risk not in study.allow_risk:
                yield f"Risk of {risk} was not searched: configurations where {expression} (allow_risk)."


def _combination(record: RunRecord) -> Iterator[str]:
    if not record.confirmations:
        yield "Nothing was confirmed: the values of the search are single and biased towards the best."
        return
    last = record.confirmations[-1]
    before = sorted({c.trial for c in record.confirmations} - {last.trial})
    chosen = {e.trial for c in of_round(record, last.round, "select") for e in c.entrants} - {-1}
    if before:
        yield f"Trial {last.trial} is the one judged here; compared before it: {', '.join(map(str, before))}."
    elif len(chosen) > 1:
        yield f"The best {len(chosen)} of the search were measured again, the other trials were not."
    else:
        yield f"Only trial {last.trial}, the best of the search, was confirmed; the runners-up were not."
    if of_round(record, last.round, "screen"):
        yield "What two changes do to each other: each was left out alone, and those without a gain together."
        return
    yield (
        "Its changes were confirmed together, not one by one: which of them carry the gain, and whether one "
        "does nothing, is not known."
    )


def _front(study: Study, record: RunRecord) -> Iterator[str]:
    """The points of the front that nobody proved."""
    if study.further and record.confirmations:
        left = {t.number for t in front_of(study, record.trials)} - {c.trial for c in record.confirmations}
        if left:
            yield (
                f"The front beside the picked point: {len(left)} {'trial' if len(left) == 1 else 'trials'} "
                "on it have the values of the search alone, which are biased towards the best."
            )


def _duration(study: Study) -> str:
    seconds = study.workload.duration_s
    length = f" {show_seconds(seconds)} long" if seconds else ""
    return f"Long running: each sample is a fresh process{length}; what builds up over hours is not seen."
