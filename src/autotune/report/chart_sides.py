"""Draws a metric or resource of baseline and tuned as two rows of dots."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autotune.report.canvas import BASELINE, INK, TUNED, label, scale_values, svg
from autotune.report.side import Side
from autotune.report.words import shown_unit

MOST = 18
"""Rows that are drawn."""

_INCHES = (3.4, 1.25)
_PLACE = (0.2, 0.22, 0.71, 0.54)
"""Left, bottom, width and height as shares: room for the arms' names, the ticks and a title."""


def drawable(rows: Sequence[Side]) -> tuple[Side, ...]:
    """The rows with something to see: values in both arms that are not all zero."""
    return tuple(r for r in rows if r.baseline and r.tuned and any((*r.baseline, *r.tuned)))


def side_chart(row: Side) -> str:
    """SVG: the row's samples on a scale of their own; a dot is a sample, the bar their median."""

    def draw(figure: Figure) -> None:
        _strip(figure.add_axes(_PLACE), row)

    return svg(*_INCHES, draw, fitted=False)


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
