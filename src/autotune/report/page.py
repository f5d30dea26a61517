"""The report: one HTML file that shows the evidence and asks nobody for anything."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autotune import __version__
from autotune.core.redact import secret_values
from autotune.core.strict_yaml import dump
from autotune.judge.secondary import beyond_chance
from autotune.model.importance import Importance
from autotune.model.profile import Profile
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.verdict import Verdict
from autotune.report import evidence
from autotune.report.answer import answer
from autotune.report.chart_front import front_chart
from autotune.report.chart_history import history_chart
from autotune.report.chart_pairs import pairs_chart
from autotune.report.chart_sides import MOST, drawable, side_chart
from autotune.report.contests import selection_rows, taken_back_rows
from autotune.report.failures import by_state, failures, warnings
from autotune.report.front import front_view, objective_rows
from autotune.report.importance import importance_views
from autotune.report.pairs import last_pairs
from autotune.report.results import clean
from autotune.report.sides import sides
from autotune.report.steadiness import steadiness
from autotune.report.untested import untested

_MOST_FAILURES = 40
_HERE = Path(__file__).parent


def render(
    study: Study,
    record: RunRecord,
    verdict: Verdict | None,
    profile: Profile | None,
    importance: Sequence[Importance] = (),
) -> str:
    """The whole page as HTML text: no script, no request, no secret of the workload's environment."""
    secrets = secret_values(study.workload.env)
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else clean(value, secrets),
    )
    environment.filters["glued"] = _glued
    view = _view(study, record, verdict, profile, secrets)
    view["importance"] = importance_views(study, importance)
    return environment.get_template("page.html.j2").render(view)


def _view(
    study: Study,
    record: RunRecord,
    verdict: Verdict | None,
    profile: Profile | None,
    secrets: frozenset[str],
) -> dict[str, Any]:
    found = failures(record)
    both = sides(study, record)
    lead = study.of(verdict.metric) if verdict and study.further else study
    return {
        "version": __version__,
        "study": study,
        "record": record,
        "answer": answer(study, record, verdict),
        "profile": profile,
        "changes": evidence.change_rows(study, record, verdict),
        "selection": selection_rows(study, record),
        "taken_back": taken_back_rows(study, record),
        "risks": evidence.risks_carried(study, record),
        "lead": lead.objective,
        "objectives": objective_rows(study, record, verdict),
        "front": front_view(study, record),
        "pairs": evidence.pair_rows(lead, record),
        "trials": evidence.trial_rows(study, record),
        "steady": steadiness(study, record),
        "sides": evidence.side_rows(both, _sure(study, record)),
        "run_facts": evidence.run_facts(study, record),
        "host_facts": evidence.host_facts(record.host),
        "failures": found[:_MOST_FAILURES],
        "failures_left": max(0, len(found) - _MOST_FAILURES),
        "failure_counts": by_state(found),
        "warnings": list(warnings(record).items())[:_MOST_FAILURES],
        "untested": untested(study, record),
        "document": dump(clean(record.document, secrets)),
        "charts": _charts(study, record, verdict, lead),
    }


def _sure(study: Study, record: RunRecord) -> frozenset[str]:
    """Quantities of the last confirmation that differ by more than chance."""
    if not record.confirmations:
        return frozenset()
    return beyond_chance(record.confirmations[-1], [metric.name for metric in study.workload.metrics])


def _glued(text: str) -> str:
    """`text` in which no line breaks between a number and its sign or rate."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%").replace(" /", "\N{NO-BREAK SPACE}/")


def _charts(study: Study, record: RunRecord, verdict: Verdict | None, lead: Study) -> dict[str, Any]:
    """Each chart that has something to show: in a wide and a narrow drawing, or small enough for both.

    `lead` is the study by the objective that the verdict's figures are of.
    """
    pairs = last_pairs(record)
    rows = drawable(sides(study, record))
    return {
        "pairs": _both(lambda wide: pairs_chart(lead, pairs, verdict, wide=wide)) if pairs else None,
        "front": _both(lambda wide: front_chart(study, record, wide=wide))
        if study.further and record.trials
        else None,
        "history": _both(lambda wide: history_chart(study, record, wide=wide)) if record.trials else None,
        "sides": [drawn for row in rows[:MOST] if (drawn := _drawn(partial(side_chart, row)))],
        "sides_left": max(0, len(rows) - MOST),
    }


def _both(draw: Callable[[bool], str]) -> dict[str, Markup] | None:
    """The drawing in both widths, or None."""
    wide, narrow = _drawn(partial(draw, True)), _drawn(partial(draw, False))
    return {"wide": wide, "narrow": narrow} if wide and narrow else None


def _drawn(draw: Callable[[], str]) -> Markup | None:
    """The drawing; None where numbers are so far apart that no axis holds them."""
    try:
        return _embedded(draw())
    except (ValueError, OverflowError):
        return None


def _embedded(svg: str) -> Markup:
    """The picture inside the page: as an image it can neither run nor fetch anything."""
    encoded = base64.b64encode(svg.encode()).decode("ascii")
    return Markup(f"data:image/svg+xml;base64,{encoded}")  # noqa: S704  base64 needs no escape
