"""A comparison of two arms as text for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from autotune.core.redact import secret_values
from autotune.judge.confirmed import as_first_run
from autotune.judge.plan import Plan
from autotune.judge.secondary import beyond_chance
from autotune.model.run import Arm, Confirmation, PairedSample
from autotune.model.trial import Sample, State
from autotune.model.verdict import Result, Verdict
from autotune.model.workload import Metric, Workload
from autotune.report.columns import columns
from autotune.report.results import clean, sample_data, verdict_data
from autotune.report.side import Side
from autotune.report.sides import sides_of
from autotune.report.words import (
    NONE,
    change,
    margin,
    objective_words,
    one_line,
    percent,
    plain_percent,
    quantity,
)

SCHEMA = "autotune.compare/1"

_HEADER = ("per sample", "A", "B", "change", "n", "quality")
_RIGHT = frozenset({1, 2, 3, 4})
_LETTERS: Mapping[Arm, str] = {"baseline": "a", "candidate": "b"}


def sentence(verdict: Verdict, metrics: Sequence[Metric]) -> str:
    """The verdict in one line: answer, B's change against A with its interval, pairs, margin.

    Where less is better the change is the metric's own: -18 % is 18 % less.
    """
    metric = _of(metrics, verdict.metric)
    pairs = verdict.looks[-1].pairs if verdict.looks and not verdict.objectives else verdict.pairs
    parts = f"{_seen(verdict, metrics)}, {pairs} pair{'s' * (pairs != 1)}"
    more = f"; about {verdict.more_pairs} more pairs would decide" if verdict.more_pairs else ""
    return f"{verdict.result.upper()}: {parts}; margin {margin(verdict, metric.unit)}{more}"


def _of(metrics: Sequence[Metric], name: str) -> Metric:
    return next(metric for metric in metrics if metric.name == name)


def _seen(verdict: Verdict, metrics: Sequence[Metric]) -> str:
    metric = _of(metrics, verdict.metric)
    name = one_line(metric.name)
    if 2 * verdict.failures_candidate > verdict.pairs:  # a change would be that of a failure's stand-in
        return f"B failed in {verdict.failures_candidate} of the pairs"
    if verdict.objectives:
        moved = (objective_words(one, _of(metrics, one.metric)) for one in verdict.objectives)
        return f"{', '.join(moved)} in B against A"
    if verdict.effect is None:
        return f"{name} of B could not be compared with A's"
    estimate, low, high = change(verdict.effect, metric.direction, metric.unit)
    better = "more" if metric.direction == "maximize" else "less"
    return f"{name} {estimate} [{low}, {high}] in B against A ({better} is better)"


def details(verdict: Verdict, metrics: Sequence[Metric]) -> Iterator[str]:
    """What stands below it: each limit, and the smallest change that these pairs would have shown."""
    metric = _of(metrics, verdict.metric)
    for limit in verdict.limits:
        figures = f"seen {limit.seen:.4g}, at worst {limit.worst:.4g}, bound {limit.bound:.4g}"
        yield f"limit {limit.held}: {one_line(limit.text)} ({figures})"
    if verdict.smallest is None:
        yield "smallest change that would have been seen: unknown, too few pairs for an interval"
        return
    relative = verdict.effect is None or verdict.effect.relative
    size = plain_percent(verdict.smallest) if relative else quantity(verdict.smallest, metric.unit)
    of = f" of {one_line(metric.name)}" if verdict.objectives else ""
    yield f"smallest change{of} that would have been seen with 80 % power: {size}"


def second_runs(plan: Plan, confirmation: Confirmation, metrics: Sequence[Metric]) -> str:
    """What was run again and what the verdict would be without it; empty where nothing was."""
    first = as_first_run(plan, confirmation)
    if first is None:
        return ""
    count = len({s.pair for s in confirmation.samples if s.take})
    pairs = "1 disturbed pair was" if count == 1 else f"{count} disturbed pairs were"
    return f"{pairs} run again (at most one in five is); on the first runs alone: {sentence(first, metrics)}"


def of_arms(confirmation: Confirmation) -> dict[Arm, list[Sample]]:
    """The samples of each arm that count, failed ones too; no warm-up."""
    found: dict[Arm, list[Sample]] = {"baseline": [], "candidate": []}
    for one in confirmation.used:
        if one.pair >= 0:
            found[one.arm].append(one.sample)
    return found


def rows(metrics: Sequence[Metric], confirmation: Confirmation) -> tuple[Side, ...]:
    """Metrics, resources and figures of many values over the good samples of both arms, each name once."""
    good = {
        arm: [s for s in samples if s.state is State.OK] for arm, samples in of_arms(confirmation).items()
    }
    found: dict[str, Side] = {}
    for side in sides_of(metrics, good):
        found.setdefault(side.name, side)
    return tuple(found.values())


def table(metrics: Sequence[Metric], confirmation: Confirmation) -> str:
    """Both arms side by side; what was 0 or unavailable in every sample is left out, metrics never.

    A star marks what differs by more than chance.
    """
    names = [metric.name for metric in metrics]
    sure = beyond_chance(confirmation, names)
    found = rows(metrics, confirmation)
    kept = [row for row in found if row.name in names or any((*row.baseline, *row.tuned))]
    lines = columns([_HEADER, *(_cells(row, star=row.name in sure) for row in kept)], right=_RIGHT)
    legend = "medians over the samples; change: of the medians (the verdict's is that of the pairs)"
    stars = "; *: beyond chance, corrected for so many rows" if sure else ""
    return f"{lines}\n{legend}{stars}"


def _cells(row: Side, *, star: bool) -> tuple[str, ...]:
    one, other = (median(values) if values else None for values in (row.baseline, row.tuned))
    comparable = one is not None and other is not None and one > 0
    moved = percent(other / one - 1) if comparable and one and other is not None else NONE
    counts = dict.fromkeys((len(row.baseline), len(row.tuned)))
    return (
        one_line(row.name),
        quantity(one, row.unit),
        quantity(other, row.unit),
        f"{moved}{' *' if star else ''}",
        "/".join(map(str, counts)),
        row.quality,
    )


_NEXT = {
    Result.BETTER: "take B",
    Result.WORSE: "keep A",
    Result.EQUIVALENT: "keep A: B changes less than the margin",
}


def next_step(verdict: Verdict, planned: int) -> str:
    """What to do with it."""
    return f"next     {_NEXT.get(verdict.result) or _undecided(verdict, planned)}"


def _undecided(verdict: Verdict, planned: int) -> str:
    if not verdict.finished:
        return "start it again: the pairs were not all measured"
    if verdict.lacks_margin:
        return "give --min-difference, a margin in the metric's unit"
    more = f"--pairs {2 * planned} or more sees smaller changes"
    if verdict.metric == "wall_s":
        return f"{more}; --metric cpu_s compares CPU time, which neighbours move less"
    return f"{more}; `autotune selftest` says how small this machine can show"


def data(
    plan: Plan,
    confirmation: Confirmation,
    verdict: Verdict,
    workloads: Mapping[Arm, Workload],
    *,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """All of it that JSON can hold, with `about` (host, arms, seed, warnings) beside it."""
    metrics = workloads["baseline"].metrics
    metric = next(m for m in metrics if m.name == plan.metric)
    first = as_first_run(plan, confirmation)
    plain = {
        "schema": SCHEMA,
        "objective": {"metric": metric.name, "unit": metric.unit, "direction": metric.direction},
        "objectives": [plan.metric, *(other.metric for other in plan.others)],
        **about,
        "verdict": verdict_data(verdict),
        "verdict_without_reruns": None if first is None else verdict_data(first),
        "rows": [_row(row) for row in rows(metrics, confirmation)],
        "beyond_chance": sorted(beyond_chance(confirmation, [m.name for m in metrics])),
        "samples": [paired_data(one) for one in confirmation.samples],
    }
    secrets = frozenset[str]().union(*(secret_values(workload.env) for workload in workloads.values()))
    cleaned: dict[str, Any] = clean(plain, secrets)
    return cleaned


def _row(row: Side) -> dict[str, Any]:
    return {
        "name": row.name,
        "unit": row.unit,
        "a": row.baseline,
        "b": row.tuned,
        "source": row.source,
        "quality": row.quality,
    }


def paired_data(one: PairedSample) -> dict[str, Any]:
    """A sample with its place among the pairs; the arms are `a` and `b`."""
    place = {"pair": one.pair, "take": one.take, "arm": _LETTERS[one.arm], "order": one.order}
    return {**place, **sample_data(one.sample)}
