"""The range of a sweep as a user writes it, and its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import click

from autotune.core.errors import ExitCode, UsageError
from autotune.flow.bench_sweep import Point, Sweep
from autotune.flow.bench_target import Target
from autotune.model.study import Limit
from autotune.model.verdict import Held
from autotune.report.bench import spread_data
from autotune.report.sweep import lines, point_cells, point_data, sentence, stopped_sentence
from autotune.report.words import number
from autotune.study.limits import limit

_RANGE = re.compile(r"([A-Za-z_]\w*)=(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What is swept, from where to where, and the limits that have to be met; units by metric."""

    name: str
    low: float
    high: float
    limits: tuple[Limit, ...]
    units: dict[str, str]

    @classmethod
    def read(cls, text: str, limits: Sequence[str], target: Target) -> Self:
        """The range in `concurrency=1..256`; raises UsageError where the target cannot be swept so."""
        match = _RANGE.fullmatch(text)
        if match is None:
            raise UsageError(f"--sweep {text}: expected NAME=LOW..HIGH, as in concurrency=1..256")
        name, low, high = match[1], float(match[2]), float(match[3])
        if wrong := _wrong_ends(low, high):
            raise UsageError(f"--sweep {text}: {wrong}")
        for end in (low, high):
            target.at(name, end)
        units = {metric.name: metric.unit for metric in target.workload.metrics}
        return cls(name=name, low=low, high=high, limits=tuple(_limit(x, units) for x in limits), units=units)

    def line(self, point: Point) -> str:
        """A point, in one line."""
        return "  ".join((self.name, *self.cells(point)))

    def cells(self, point: Point) -> tuple[str, ...]:
        """A point, in the cells of the table."""
        return point_cells(point.load, point.held, point.seen, point.failures, units=self.units)


def answered(loads: Range, found: Sweep) -> str:
    """The answer of a sweep that came to its end, in one line."""
    return sentence(loads.name, highest=_highest(found), edge=_edge(found), top=loads.high)


def stopped(loads: Range, found: Sweep) -> str:
    """What is known where it was stopped, in one line."""
    return stopped_sentence(loads.name, highest=_highest(found), edge=_edge(found))


def show(loads: Range, found: Sweep, answer: str) -> None:
    """Prints the points and the answer."""
    click.echo(lines([(loads.name, "answer"), *(loads.cells(point) for point in found.points)]))
    click.echo(answer)


def show_json(loads: Range, found: Sweep, answer: str, about: Mapping[str, Any]) -> None:
    """Prints them for machines, with `about` (the host, whether it was stopped) beside them."""
    points = [
        point_data(p.load, p.held, {name: spread_data(s) for name, s in p.seen.items()}, p.failures)
        for p in found.points
    ]
    limits = [one.text for one in loads.limits]
    data = {"schema": "autotune.sweep/1", "swept": loads.name, "limits": limits, **about}
    click.echo(json.dumps({**data, "highest": _highest(found), "points": points, "answer": answer}))


def exit_code(found: Sweep) -> ExitCode:
    """Good where some load meets the limits; else worse or undecided, as the lowest is."""
    if found.highest is not None:
        return ExitCode.GOOD
    return ExitCode.UNDECIDED if found.edge and found.edge.held is Held.UNSURE else ExitCode.WORSE


def _highest(found: Sweep) -> float | None:
    return None if found.highest is None else found.highest.load


def _edge(found: Sweep) -> tuple[float, Held] | None:
    return None if found.edge is None else (found.edge.load, found.edge.held)


def _wrong_ends(low: float, high: float) -> str:
    """Why nothing lies between them to be swept; empty where something does."""
    if low <= 0:
        return "LOW has to be above 0"
    if low > high:
        return f"LOW, {number(low)}, exceeds HIGH, {number(high)}"
    return "LOW and HIGH are the same: measure it without --sweep" if low == high else ""


def _limit(text: str, units: dict[str, str]) -> Limit:
    try:
        found = limit(text, units)
    except ValueError as error:
        raise UsageError(f"--limit: {error}") from error
    if found.kind != "absolute" or found.metric not in units:
        raise UsageError(f"--limit '{text}': a sweep knows no baseline. Give a number, as in 'p95_ms <= 20'")
    return found
