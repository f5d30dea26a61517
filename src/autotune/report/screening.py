"""What a screening found: a table for people, and all of it for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autotune.model.run import RunRecord
from autotune.model.screening import Design, Elementary, Screening
from autotune.model.study import Study
from autotune.report.results import clean
from autotune.report.words import NONE, one_line, quantity, rough_percent

SCHEMA = "autotune.screening/1"

_HEADER = ("parameter", "change", "sigma", "steps", "noise", "reading")


def screening_data(
    study: Study, design: Design, record: RunRecord, found: Sequence[Screening], idle: Sequence[str]
) -> dict[str, Any]:
    """The screening as JSON can hold it."""
    data: dict[str, Any] = clean(
        {
            "schema": SCHEMA,
            "study": study.name,
            "run": record.run,
            "trials": len(record.trials),
            "failed": sum(t.state.failed for t in record.trials),
            "frozen": study.freeze,
            "idle": idle,
            "dropped": design.dropped,
            "objectives": [_screening(one) for one in found],
        },
        frozenset(),
    )
    return data


def _screening(found: Screening) -> dict[str, Any]:
    return {
        "metric": found.metric,
        "relative": found.relative,
        "deviation": found.deviation,
        "repeats": found.repeats,
        "parameters": [
            {
                "parameter": one.parameter,
                "change": one.change,
                "deviation": one.deviation,
                "noise": one.noise,
                "steps": one.steps,
                "failed": one.failed,
                "reading": one.reading,
            }
            for one in found.effects
        ],
    }


def screening_lines(study: Study, found: Screening) -> list[str]:
    """The table of one objective, a line for each parameter, in aligned columns."""
    unit = study.workload.metric(found.metric).unit

    def said(value: float) -> str:
        return rough_percent(value) if found.relative else quantity(value, unit)

    rows = [_HEADER, *(_row(one, said) for one in found.effects)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER))]
    noise = f"one measurement varies by {said(found.deviation)}, as {found.repeats} of the baseline show"
    return [
        f"{one_line(found.metric)}: {noise}",
        *("  ".join(_cells(row, widths)).rstrip() for row in rows),
    ]


def _row(one: Elementary, said: Any) -> tuple[str, ...]:
    failed = f" ({one.failed} failed)" if one.failed else ""
    if not one.steps:
        return one.parameter, NONE, NONE, f"0{failed}", NONE, str(one.reading)
    deviation = said(one.deviation) if one.steps > 1 else NONE
    steps = f"{one.steps}{failed}"
    return one.parameter, f"± {said(one.change)}", deviation, steps, said(one.noise), str(one.reading)


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Names and words to the left, figures to the right."""
    return [
        f"{cell:<{width}}" if i in {0, len(row) - 1} else f"{cell:>{width}}"
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
