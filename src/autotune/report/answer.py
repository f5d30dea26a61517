"""The verdict as the page shows it: badge, sentence, figures, limits, looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.verdict import Held, LimitVerdict, Verdict
from autotune.report.pairs import last_pairs, value
from autotune.report.sides import middle
from autotune.report.text import verdict_sentence
from autotune.report.words import change, margin, number, percent, plain_percent, quantity

_MEANING = {
    "better": "The gain is shown on fresh pairs.",
    "worse": "The tuned configuration is shown to be worse, or breaks a limit. Keep the baseline.",
    "equivalent": "The difference is shown to be smaller than the margin. Keep what you have.",
    "undecided": "The pairs do not show which is better. This is no proof of equality.",
    "none": "No configuration was confirmed against the baseline, so nothing is proven.",
}


_TOGETHER = {
    "better": "A gain is shown on fresh pairs, and no objective loses as much as its margin.",
    "worse": "The tuned configuration is shown to lose an objective, or breaks a limit. Keep the baseline.",
    "equivalent": "No objective changes by as much as its margin. Keep what you have.",
}
"""What of it reads otherwise with several objectives."""


def answer(study: Study, record: RunRecord, verdict: Verdict | None) -> dict[str, Any]:
    """Plain text for the head of the page; `kind` is one of the four answers or none."""
    badge, sentence = verdict_sentence(study, verdict).split(": ", 1)
    kind = str(verdict.result) if verdict else "none"
    return {
        "kind": kind,
        "badge": badge,
        "sentence": sentence,
        "meaning": (_TOGETHER if study.further else {}).get(kind, _MEANING[kind]),
        "explanation": verdict.explanation if verdict else record.stopped,
        "warnings": verdict.warnings if verdict else (),
        "figures": list(_figures(study, record, verdict)) if verdict else [],
        "limits": [_limit(limit) for limit in verdict.limits] if verdict else [],
        "looks": [(look.pairs, number(look.alpha), number(look.p_value)) for look in verdict.looks]
        if verdict
        else [],
    }


def _figures(study: Study, record: RunRecord, verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Label, figure, and what the figure means."""
    metric = study.workload.metric(verdict.metric)
    if verdict.effect is not None:
        estimate, low, high = change(verdict.effect, metric.direction, metric.unit)
        better = "more" if metric.direction == "maximize" else "less"
        yield "Effect", estimate, f"change of {metric.name}, {better} is better; estimate over the pairs"
        yield "Interval", f"{low} to {high}", f"{plain_percent(verdict.effect.level)} confidence"
    yield _medians(study, record, verdict)
    yield (
        "Pairs",
        f"{verdict.pairs} of {verdict.planned_pairs}",
        "used of planned, each in the order of a coin",
    )
    yield "Margin", margin(verdict, metric.unit), "a smaller difference does not count"
    if verdict.smallest is not None:
        relative = verdict.effect is None or verdict.effect.relative
        smallest = (
            percent(verdict.smallest).lstrip("+") if relative else quantity(verdict.smallest, metric.unit)
        )
        yield "Smallest effect", smallest, "that these pairs would have shown with 80 % power"
    failed = f"{verdict.failures_baseline} / {verdict.failures_candidate}"
    yield "Failed samples", failed, "of baseline / of tuned, among the pairs"
    if verdict.order_effect is not None:
        relative = verdict.effect is None or verdict.effect.relative
        shown = percent(verdict.order_effect) if relative else quantity(verdict.order_effect, metric.unit)
        yield "Effect of order", shown, "pairs with the baseline first, less the others"


def _medians(study: Study, record: RunRecord, verdict: Verdict) -> tuple[str, str, str]:
    metric = study.workload.metric(verdict.metric)
    pairs = last_pairs(record)
    base = [v for p in pairs if (v := value(p.baseline, metric.name)) is not None]
    tuned = [v for p in pairs if (v := value(p.candidate, metric.name)) is not None]
    shown = f"{quantity(middle(base), metric.unit)} → {quantity(middle(tuned), metric.unit)}"
    return "Baseline → tuned", shown, f"medians of {len(base)} and {len(tuned)} samples"


def _limit(limit: LimitVerdict) -> dict[str, str]:
    mark = {Held.HELD: "✓", Held.BROKEN: "✗", Held.UNSURE: "?"}[limit.held]
    return {
        "text": limit.text,
        "held": f"{mark} {limit.held}",
        "kind": str(limit.held),
        "seen": number(limit.seen),
        "worst": number(limit.worst),
        "bound": number(limit.bound),
    }
