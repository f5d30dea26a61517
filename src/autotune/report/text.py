"""What a run says on the terminal in the end: the verdict with its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autotune.model.profile import Change, Profile
from autotune.model.space import shown
from autotune.model.study import Study
from autotune.model.verdict import Held, Result, Verdict
from autotune.report.words import (
    NONE,
    change,
    margin,
    number,
    objective_margin,
    objective_words,
    one_line,
    percent,
)

_HEADER = ("parameter", "from", "to", "unit", "better by", "scope", "risk")


def verdict_sentence(study: Study, verdict: Verdict | None) -> str:
    """The verdict in one line: answer, change with interval, pairs, limits, margin, what it means.

    Where less is better the change is the metric's own: -18 % is 18 % less.
    """
    if verdict is None:
        return "NO VERDICT: no configuration was confirmed against the baseline"
    pairs = f"{verdict.pairs} pair{'s' * (verdict.pairs != 1)}"
    parts = [_seen(study, verdict), pairs, _limits_phrase(verdict)]
    return f"{verdict.result.upper()}: {', '.join(parts)}; {_margins(study, verdict)}{_consequence(verdict)}"


def _seen(study: Study, verdict: Verdict) -> str:
    """The objectives' changes with their intervals: tps +182 % [+170 %, +195 %] over the baseline."""
    if verdict.objectives:
        moved = (objective_words(one, study.workload.metric(one.metric)) for one in verdict.objectives)
        return f"{', '.join(moved)} against the baseline"
    metric = study.workload.metric(verdict.metric)
    name = one_line(metric.name)
    if verdict.effect is None:
        return f"{name} could not be compared with the baseline"
    estimate, low, high = change(verdict.effect, metric.direction, metric.unit)
    against = (
        "over the baseline" if metric.direction == "maximize" else "against the baseline (less is better)"
    )
    return f"{name} {estimate} [{low}, {high}] {against}"


def _margins(study: Study, verdict: Verdict) -> str:
    """The margin; of several objectives each one's, where they differ."""
    metric = study.workload.metric
    each = {one.metric: objective_margin(one, metric(one.metric).unit) for one in verdict.objectives}
    if len(set(each.values())) <= 1:
        return f"margin {margin(verdict, metric(verdict.metric).unit)}"
    return "margins " + ", ".join(f"{one_line(name)} {size}" for name, size in each.items())


def _limits_phrase(verdict: Verdict) -> str:
    """How the limits stand: all held, none set, or each one that is not held."""
    missed = [f"limit {x.held}: {one_line(x.text)}" for x in verdict.limits if x.held is not Held.HELD]
    if missed:
        return ", ".join(missed)
    return "every limit held" if verdict.limits else "no limit set"


def _consequence(verdict: Verdict) -> str:
    if not verdict.finished:
        return "; the pairs are not all measured"
    if verdict.result is Result.EQUIVALENT:
        return "; keep what you have"
    if verdict.result is Result.UNDECIDED and verdict.more_pairs:
        return f"; about {verdict.more_pairs} more pairs would decide"
    return ""


def changes_table(profile: Profile, *, width: int = 80) -> str:
    """One line per change, in aligned columns; where `width` is too small for them, `name: from -> to`."""
    if not profile.changes:
        return "no parameter changes"
    rows = [_row(change, profile.risks) for change in profile.changes]
    used = [i for i in range(len(_HEADER)) if any(row[i] != NONE for row in rows)]
    table = [[row[i] for i in used] for row in [_HEADER, *rows]]
    widths = [max(len(row[i]) for row in table) for i in range(len(used))]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in table]
    if max(map(len, lines)) <= width:
        return "\n".join(lines)
    return "\n".join(_folded(row) for row in rows)


def _row(change: Change, risks: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    carried = ", ".join(risk for risk, names in risks.items() if change.parameter in names)
    cells = (
        change.parameter,
        shown(change.before),
        shown(change.after),
        change.unit,
        _adds(change),
        change.scope,
        carried,
    )
    return tuple(one_line(cell) or NONE for cell in cells)


def _folded(row: tuple[str, ...]) -> str:
    name, before, after, unit, adds, scope, risk = row
    unit = "" if unit == NONE else f" {unit}"
    risk = "" if risk == NONE else f", risk: {risk}"
    return f"{name}: {before} -> {after}{unit} (better by: {adds}; {scope}{risk})"


def _adds(change: Change) -> str:
    """By how much the change makes the others better; that it is not shown, where it is not."""
    if change.effect is None or not change.shown:
        return "not shown"
    size = change.effect.estimate
    return percent(size).lstrip("+") if change.effect.relative else number(size)
