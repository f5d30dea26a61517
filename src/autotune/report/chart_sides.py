"""Draws each metric and resource of baseline and tuned as two rows of dots."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autotune.report.canvas import BASELINE, INK, TUNED, label, scale_values, svg
from autotune.report.side import Side
from autotune.report.words import shown_unit

MOST = 18
"""Rows that a figure can hold."""

_ROW_INCHES = 1.25


def drawable(rows: Sequence[Side]) -> tuple[Side, ...]:
    """The rows with something to see: values in both arms that are not all zero."""
    return tuple(r for r in rows if r.baseline and r.tuned and any((*r.baseline, *r.tuned)))


def sides_chart(rows: Sequence[Side], *, wide: bool) -> str:
    """SVG: one small plot per row, each on its own scale; a dot is a sample, the bar their median."""
    columns = 3 if wide else 1
    lines = max(1, ceil(len(rows) / columns))

    def draw(figure: Figure) -> None:
        grid = _grid(figure, lines, columns)
        plots = list(figure.subplots(lines, columns, squeeze=False, gridspec_kw=grid).flat)
        for axes, row in zip(plots, rows, strict=False):
            _strip(axes, row)
        for axes in plots[len(rows) :]:
            axes.set_axis_off()

    return svg(10.0 if wide else 3.6, 0.2 + _ROW_INCHES * lines, draw, fitted=False)


def _grid(figure: Figure, lines: int, columns: int) -> dict[str, float]:
    """Room for the names of the arms left of each plot, a title above and ticks below it."""
    width, height = figure.get_size_inches()
    left, right, above, below = 0.68, 0.14, 0.3, 0.28
    return {
        "left": left / width,
        "right": 1 - right / width,
        "top": 1 - above / height,
        "bottom": below / height,
        "wspace": _gap(left + right, width - left - right, columns),
        "hspace": _gap(above + below, height - above - below, lines),
    }


def _gap(inches: float, whole: float, parts: int) -> float:
    """A gap between `parts` plots that share `whole` inches, as a share of a plot's own size."""
    return inches * parts / (whole - (parts - 1) * inches)


def _strip(axes: Axes, row: Side) -> None:
    for height, values, colour, filled in ((1, row.baseline, BASELINE, False), (0, row.tuned, TUNED, True)):
        face = colour if filled else "white"
        ys = [height + ((i * 5) % 7 - 3) * 0.06 for i in range(len(values))]
        axes.plot(values, ys, "o", mfc=face, mec=colour, mew=1, ms=4.5, alpha=0.6)
        axes.plot([median(values)] * 2, [height - 0.36, height + 0.36], color=INK, linewidth=2)
    axes.set_yticks([1, 0], ["baseline", "tuned"])
    axes.set_ylim(-0.6, 1.6)
    scale_values(axes, "x", [*row.baseline, *row.tuned], row.unit, ticks=3)
    axes.margins(x=0.08)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    unit = "" if row.unit in {"", "B", "bytes"} else f" ({shown_unit(row.unit)})"
    axes.set_title(label(f"{row.name}{unit}"), loc="left", fontsize=9, color=INK)
