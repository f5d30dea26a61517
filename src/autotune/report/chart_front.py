"""Draws the front of several objectives: the trials, the picked one, the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autotune.judge.standing import front_of, point
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import State, Trial
from autotune.report.canvas import BASELINE, FAILED, INK, TUNED, label, legend_on_top, scale_values, svg
from autotune.report.front import picked, start
from autotune.report.words import shown_unit

_WIDE = (10.0, 4.2)
_NARROW = (3.6, 4.6)


def front_chart(study: Study, record: RunRecord, *, wide: bool) -> str:
    """SVG: the first objective against each other one, as the search saw them; the front is a line."""
    others = range(1, len(study.objectives))
    width, height = _WIDE if wide else (_NARROW[0], _NARROW[1] * len(others))

    def draw(figure: Figure) -> None:
        lines, columns = (1, len(others)) if wide else (len(others), 1)
        plots = figure.subplots(lines, columns, squeeze=False).flat
        for number, (axes, other) in enumerate(zip(plots, others, strict=True)):
            _panel(axes, study, record, other)
            if not number:
                legend_on_top(axes, columns=(4 if len(others) == 1 else 2) if wide else 2)

    return svg(width, height, draw)


def _panel(axes: Axes, study: Study, record: RunRecord, other: int) -> None:
    """One plot: objective `other` to the right, the first one upwards."""
    good = [t for t in record.trials if t.state is State.OK and t.value is not None]
    front = front_of(study, record.trials)
    on_it = {t.number for t in front}
    held = [t for t in good if t.violation <= 0 and t.number not in on_it]
    missed = [t for t in good if t.violation > 0]
    axes.plot(*_at(held, other), "o", color=BASELINE, alpha=0.55, mew=0, ms=5, label="trial")
    if missed:
        axes.plot(*_at(missed, other), "x", color=FAILED, ms=5, mew=1.2, label="limit missed")
    line = sorted(front, key=lambda t: point(t)[other])
    # Between two trials nothing better was seen than the one that is no worse in the objective to the right.
    steps = "steps-pre" if study.directions[other] == "maximize" else "steps-post"
    style = "-" if len(study.objectives) == 2 else ""  # of more objectives a projection is no line
    look: dict[str, Any] = {"marker": "o", "color": TUNED, "linewidth": 1.3, "ms": 6}
    axes.plot(*_at(line, other), linestyle=style, drawstyle=steps, label="front", **look)
    chosen = [t for t in good if t.number == picked(record)]
    if chosen:
        axes.plot(*_at(chosen, other), "o", mfc="none", mec=INK, mew=1.6, ms=12, label="picked")
    base = start(study, record)
    if base is not None:
        axes.plot([base[other]], [base[0]], "D", mfc="white", mec=INK, mew=1.4, ms=7, label="baseline")
    _frame(axes, study, [*map(point, good), *([base] if base else [])], other)


def _at(trials: Sequence[Trial], other: int) -> tuple[list[float], list[float]]:
    return [point(t)[other] for t in trials], [point(t)[0] for t in trials]


def _frame(axes: Axes, study: Study, points: Sequence[Sequence[float]], other: int) -> None:
    scale_values(axes, "x", [one[other] for one in points])
    scale_values(axes, "y", [one[0] for one in points])
    axes.margins(0.08)
    axes.grid()
    axes.set_xlabel(_name(study, other))
    axes.set_ylabel(_name(study, 0))


def _name(study: Study, at: int) -> str:
    metric = study.workload.metric(study.objectives[at])
    better = "more is better" if metric.direction == "maximize" else "less is better"
    unit = f"{shown_unit(metric.unit)}, " if metric.unit else ""
    return label(f"{metric.name} ({unit}{better})")
