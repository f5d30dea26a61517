"""Series of results by commit: lines and a picture of where they changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autotune.judge.changepoint import ChangePoint
from autotune.report.canvas import BASELINE, FAILED, TUNED, label, scale_values, svg
from autotune.report.words import one_line, percent, quantity, shown_unit

_INCHES = 2.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One metric of one workload, the oldest commit first: a value and a name for each, and the changes."""

    workload: str
    metric: str
    unit: str
    direction: str
    commits: Sequence[str]
    subjects: Sequence[str]
    values: Sequence[float]
    changes: Sequence[ChangePoint]

    def worse(self, point: ChangePoint) -> bool:
        """Whether the change is for the worse."""
        return (point.ratio > 1) == (self.direction == "minimize")


def lines(series: Sequence[Series]) -> Iterator[str]:
    """What a person reads: each series, then its changes, the latest last."""
    for one in series:
        now = quantity(median(one.values[-5:]), one.unit)
        count = len(one.changes)
        told = f"{count} change{'s' * (count != 1)}" if count else "no change"
        name = f"{one_line(one.workload)}  {one_line(one.metric)}"
        yield f"{name}  {len(one.values)} results, now {now}: {told}"
        for point in one.changes:
            way = "worse" if one.worse(point) else "better"
            interval = f"[{percent(point.low - 1)}, {percent(point.high - 1)}]"
            yield (
                f"  {way:<6} {percent(point.ratio - 1)} {interval} from {one.commits[point.at][:10]} on: "
                f"{one_line(one.subjects[point.at])}"
            )


def plain(series: Sequence[Series]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "workload": one.workload,
            "metric": one.metric,
            "unit": one.unit,
            "direction": one.direction,
            "results": len(one.values),
            "changes": [
                {
                    "commit": one.commits[point.at],
                    "subject": one.subjects[point.at],
                    "change": point.ratio - 1,
                    "low": point.low - 1,
                    "high": point.high - 1,
                    "p_value": point.p_value,
                    "worse": one.worse(point),
                }
                for point in one.changes
            ],
        }
        for one in series
    ]


def picture(series: Sequence[Series]) -> str:
    """SVG: a plot for each series, with the medians of its stretches and a mark where it changed."""

    def draw(figure: Figure) -> None:
        plots = figure.subplots(len(series), 1, squeeze=False).flat
        for axes, one in zip(plots, series, strict=True):
            places = list(range(len(one.values)))
            axes.plot(places, list(one.values), "o", color=BASELINE, ms=3.5)
            edges = [0, *(point.at for point in one.changes), len(one.values)]
            for begin, end in pairwise(edges):
                middle = median(one.values[begin:end])
                axes.plot([begin, end - 1], [middle, middle], color=TUNED, linewidth=1.6)
            for point in one.changes:
                axes.axvline(point.at - 0.5, color=FAILED if one.worse(point) else TUNED, linewidth=1)
            scale_values(axes, "y", list(one.values), one.unit)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            unit = f" ({shown_unit(one.unit)})" if one.unit else ""
            axes.set_title(label(f"{one.workload}: {one.metric}{unit}"), loc="left", fontsize=9)
            axes.grid(axis="y")

    return svg(10.0, _INCHES * max(1, len(series)), draw)
