"""One look for every chart: ink, colours, fonts as paths, SVG without a trace of the clock."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from autotune.core.units import show_bytes
from autotune.report.words import number, one_line

INK = "#1c2733"
MUTED = "#5f6b78"
BASELINE = "#7b8794"
TUNED = "#0b6aa2"
FAILED = "#b4430c"
BAND = "#dfe5eb"

_LONGEST_LABEL = 48
_LOG_FROM = 12.0
"""Ratio of largest to smallest from which a linear axis would flatten the small values to one line."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "autotune",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": "#b8c1cb",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "ytick.minor.size": 0,
    "xtick.minor.size": 0,
    "grid.color": "#edf0f3",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.6,
    "legend.borderaxespad": 0,
}


def svg(width: float, height: float, draw: Callable[[Figure], None], *, fitted: bool = True) -> str:
    """The SVG text of what `draw` puts on a figure of the given inches.

    A layout that is `fitted` to the labels draws everything twice; else `draw` places its axes itself.
    """
    target = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained" if fitted else None)
        draw(figure)
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return target.getvalue()


def label(text: str) -> str:
    """`text` with the characters that the charts' font can draw, and no longer than an axis."""
    drawn = "".join(c if ord(c) in _glyphs() else "\N{WHITE SQUARE}" for c in one_line(text))
    return drawn if len(drawn) <= _LONGEST_LABEL else f"{drawn[: _LONGEST_LABEL - 1]}…"


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def scale_values(
    axes: Axes, side: Literal["x", "y"], values: list[float], unit: str = "", *, ticks: int = 5
) -> None:
    """Makes one axis of measured values: logarithmic where they span decades, with few, plain labels."""
    axis = axes.xaxis if side == "x" else axes.yaxis
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low > 0 and high / low > _LOG_FROM:
        axes.set(**{f"{side}scale": "log"})
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=ticks + 1))
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(MaxNLocator(ticks, min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, unit)))


def tick(value: float, unit: str) -> str:
    """The label of one tick: sizes in KiB and MiB, everything else as a plain number."""
    return show_bytes(value) if unit in {"B", "bytes"} else number(value)


def legend_on_top(axes: Axes, *, columns: int) -> None:
    """The legend above the plot, where it covers no data."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=columns)
