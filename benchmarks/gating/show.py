"""The tables of what is kept, as text that is Markdown as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gating import kept, live


def show() -> None:
    """Prints both tables, each where it is kept."""
    if simulated := kept.read("rules"):
        print(f"\n{simulated['count']} simulated gates a cell, {simulated['date']}")
        print("red / green / undecided, in per cent\n")
        _table(_by_truth(simulated["cells"]))
    if real := kept.read("live"):
        print(f"\nLive, {real['date']}, beside a neighbour's bursts: red / green / undecided of n\n")
        _table(_live(real["runs"]))


def _by_truth(cells: Mapping[str, Any]) -> list[list[str]]:
    """A row for each tool and noise, a column for each truth, and the runs that a gate takes."""
    rows = [["tool", "noise", *_heads(), "runs"]]
    noises = list(dict.fromkeys(key.split("|")[0] for key in cells))
    tools = list(next(iter(cells.values())))
    for tool in tools:
        for noise in noises:
            found = [cells[f"{noise}|{truth}"][tool] for truth in kept.TRUTHS]
            totals = [sum(one.get(c, 0) for c in ("red", "green", "undecided")) for one in found]
            runs = sum(one["runs"] for one in found) / sum(totals)
            shares = [_shares(one, n) for one, n in zip(found, totals, strict=True)]
            rows.append([tool, noise, *shares, f"{runs:.0f}"])
    return rows


def _heads() -> list[str]:
    return [f"{100 * (truth - 1):.0f} % slower" if truth > 1 else "equal" for truth in kept.TRUTHS]


def _shares(found: Mapping[str, int], count: int) -> str:
    return " / ".join(f"{100 * found.get(c, 0) / count:.1f}" for c in ("red", "green", "undecided"))


def _live(runs: list[dict[str, Any]]) -> list[list[str]]:
    rows = [["tool", *_heads(), "machine seconds"]]
    for tool in live.TOOLS:
        own = [one for one in runs if one["tool"] == tool]
        if not own:
            continue
        cells = []
        for truth in kept.TRUTHS:
            answers = [one["answer"] for one in own if one["truth"] == truth]
            counts = [answers.count(c) for c in ("red", "green", "undecided")]
            cells.append(f"{' / '.join(map(str, counts))} of {len(answers)}")
        rows.append([tool, *cells, f"{sum(one['seconds'] for one in own) / len(own):.0f}"])
    return rows


def _table(rows: list[list[str]]) -> None:
    head, *others = rows
    print(f"| {' | '.join(head)} |")
    print(f"|{'---|' * len(head)}")
    for row in others:
        print(f"| {' | '.join(row)} |")
