"""The answer to "how much load does it bear?", for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autotune.judge.spread import Spread
from autotune.model.verdict import Held
from autotune.report.words import number, quantity

_WORDS = {Held.HELD: "meets", Held.BROKEN: "misses", Held.UNSURE: "undecided"}


def point_cells(
    load: float, held: Held, seen: Mapping[str, Spread], failures: int, *, units: Mapping[str, str]
) -> tuple[str, ...]:
    """A point of the sweep: load, answer, each limited metric with its interval, failed samples."""
    metrics = [
        f"{name} {quantity(s.median, units[name])} [{number(s.low)}, {number(s.high)}]"
        for name, s in seen.items()
    ]
    failed = [f"{failures} failed"] if failures else []
    return (number(load), _WORDS[held], *metrics, *failed)


def lines(cells: Sequence[Sequence[str]]) -> str:
    """Rows of cells in aligned columns."""
    width = max(map(len, cells))
    padded = [(*row, *("",) * (width - len(row))) for row in cells]
    widths = [max(len(row[i]) for row in padded) for i in range(width)]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in padded
    )


def sentence(name: str, *, highest: float | None, edge: tuple[float, Held] | None, top: float) -> str:
    """The highest load that meets the limits, and how the next higher one that was measured stands."""
    if highest is None:
        answer = "does not meet the limits" if edge and edge[1] is Held.BROKEN else "is undecided"
        return f"NONE: even the lowest {name}{f', {number(edge[0])},' if edge else ''} {answer}"
    if edge is None:
        return f"{name} {number(highest)} meets the limits, and so may more: the range ends at {number(top)}"
    state = "misses them" if edge[1] is Held.BROKEN else "is undecided: the noise straddles a limit"
    return f"{name} {number(highest)} is the highest that meets the limits; {number(edge[0])} {state}"


def stopped_sentence(name: str, *, highest: float | None, edge: tuple[float, Held] | None) -> str:
    """What a sweep that was stopped had found by then."""
    found = "no load has met the limits so far"
    if highest is not None:
        found = f"{name} {number(highest)} is the highest that met the limits so far"
    if edge is None:
        return f"STOPPED: {found}"
    return (
        f"STOPPED: {found}; {number(edge[0])} {'misses them' if edge[1] is Held.BROKEN else 'is undecided'}"
    )


def point_data(load: float, held: Held, seen: Mapping[str, Any], failures: int) -> dict[str, Any]:
    """The same for machines."""
    return {"load": load, "answer": _WORDS[held], "metrics": seen, "failures": failures}
