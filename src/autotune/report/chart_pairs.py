"""Draws the paired samples of baseline and tuned, with the effect beside them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from autotune.model.study import Study
from autotune.model.verdict import Verdict
from autotune.model.workload import Metric
from autotune.report.canvas import (
    BAND,
    BASELINE,
    FAILED,
    INK,
    MUTED,
    TUNED,
    label,
    legend_on_top,
    scale_values,
    svg,
)
from autotune.report.pairs import Pair, relative_change, value
from autotune.report.words import shown_unit

_WIDE = (10.0, 3.9)
_NARROW = (3.6, 5.6)


def pairs_chart(study: Study, pairs: Sequence[Pair], verdict: Verdict | None, *, wide: bool) -> str:
    """SVG: both samples of each pair joined by a line; beside it each pair's change and the effect."""
    metric = study.workload.metric(study.objective)

    def draw(figure: Figure) -> None:
        if wide:
            samples, changes = figure.subplots(1, 2, width_ratios=[2.6, 1])
        else:
            samples, changes = figure.subplots(2, 1, height_ratios=[1.25, 1])
        _samples(samples, pairs, metric)
        _changes(changes, pairs, metric, verdict)

    return svg(*(_WIDE if wide else _NARROW), draw)


def _samples(axes: Axes, pairs: Sequence[Pair], metric: Metric) -> None:
    base = [(p.number + 1, v) for p in pairs if (v := value(p.baseline, metric.name)) is not None]
    tuned = [(p.number + 1, v) for p in pairs if (v := value(p.candidate, metric.name)) is not None]
    both = dict(base)
    for x, y in tuned:
        if x in both:
            axes.plot([x, x], [both[x], y], color="#c3ccd5", linewidth=1.4, zorder=1)
    axes.plot(*_columns(base), "o", mfc="white", mec=BASELINE, mew=1.4, ms=6, label="baseline")
    axes.plot(*_columns(tuned), "o", color=TUNED, ms=6, label="tuned")
    _failed(axes, pairs)
    scale_values(axes, "y", [y for _, y in (*base, *tuned)])
    axes.grid(axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_xlim(0.3, max((p.number + 1 for p in pairs), default=1) + 0.7)
    axes.set_xlabel("pair, in the order of measuring")
    axes.set_ylabel(label(f"{metric.name} ({shown_unit(metric.unit)})" if metric.unit else metric.name))
    legend_on_top(axes, columns=3)


def _failed(axes: Axes, pairs: Sequence[Pair]) -> None:
    """Failed samples as crosses at the foot of the plot: they have no value to stand at."""
    failed = [
        p.number + 1
        for p in pairs
        for sample in (p.baseline, p.candidate)
        if sample is not None and sample.state != "ok"
    ]
    if failed:
        axes.plot(
            failed,
            [0.03] * len(failed),
            "x",
            color=FAILED,
            ms=7,
            mew=2,
            label="failed",
            transform=axes.get_xaxis_transform(),
        )


def _changes(axes: Axes, pairs: Sequence[Pair], metric: Metric, verdict: Verdict | None) -> None:
    seen = [100 * c for p in pairs if (c := relative_change(p, metric.name)) is not None]
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
    axes.plot([_spread(i) for i in range(len(seen))], seen, "o", color=TUNED, alpha=0.55, ms=5, mew=0)
    if verdict is not None and verdict.effect is not None and verdict.effect.relative:
        sign = -1 if metric.direction == "minimize" else 1
        middle = 100 * sign * verdict.effect.estimate
        ends = sorted(100 * sign * x for x in (verdict.effect.low, verdict.effect.high))
        margin = 100 * verdict.margin
        axes.axhspan(-margin, margin, color=BAND, linewidth=0, zorder=0)
        axes.plot([1, 1], ends, color=INK, linewidth=2.2, solid_capstyle="butt")
        axes.plot([1], [middle], "D", color=INK, ms=6)
        axes.set_xticks([0, 1], ["each pair", "estimate and\ninterval"])
    else:
        axes.set_xticks([0], ["each pair"])
    axes.set_xlim(-0.6, 1.6)
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:+.4g} %" if v else "0 %"))
    axes.grid(axis="y")
    axes.set_ylabel("change against the baseline", color=MUTED)


def _spread(index: int) -> float:
    """Where the dot of one pair stands sideways, so that equal changes do not hide each other."""
    return ((index * 7) % 11 - 5) * 0.05


def _columns(points: list[tuple[int, float]]) -> tuple[list[int], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
