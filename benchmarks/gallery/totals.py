"""The rows of the tables over all systems, as text, from kept results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import figures
from rows import Result, change, target

from autotune.report.words import NONE, percent, quantity


def table(results: Sequence[Result]) -> list[dict[str, str]]:
    """One line per system."""
    return [_line(result) for result in results]


def _line(result: Result) -> dict[str, str]:
    objective, verdict = result["objective"], result["verdict"]
    known: dict[str, Any] = {side["name"]: side for side in result["sides"]}
    side = known.get(objective["metric"], {})
    return {
        "name": result["name"],
        "title": result["title"],
        "result": verdict["result"] if verdict else "nothing to confirm",
        "metric": objective["metric"],
        "baseline": quantity(side.get("baseline"), objective["unit"]),
        "tuned": quantity(side.get("tuned"), objective["unit"]),
        "change": change(result),
        "pairs": str(verdict["pairs"]) if verdict else NONE,
        "minutes": f"{result['seconds']['all'] / 60:.1f}",
        "risk": ", ".join(result["risks"]) or "none",
    }


def against(results: Sequence[Result]) -> list[dict[str, str]]:
    """Each system beside the targets: what is met stands in bold."""
    rows = []
    for result in results:
        known = figures.shares(result)
        cells = {goal.key: _cell(goal, known.get(goal.key)) for goal in figures.GOALS}
        rows.append({"name": result["name"], "title": result["title"], **cells})
    return rows


def _cell(goal: figures.Goal, share: float | None) -> str:
    if share is None:
        return NONE
    text = percent(share - 1) if share != 1 else "0"
    return f"**{text}**" if goal.met(share) else text


def overall(gained: Sequence[Result], results: Sequence[Result]) -> list[dict[str, str]]:
    """Each goal over the systems with slack, over those of them that take no risk, and over all."""
    every = {one.goal.key: one for one in figures.overall(results)}
    safe = {one.goal.key: one for one in figures.overall([r for r in gained if not r["risks"]])}
    return [
        {
            "text": one.goal.text,
            "target": target(one.goal),
            "share": _mean(one),
            "n": str(len(one.systems)),
            "met": f"{len(one.met)} of {len(one.systems)}",
            "middle": percent(one.middle - 1),
            "safe": _mean(safe[one.goal.key]) if one.goal.key in safe else NONE,
            "every": _mean(every[one.goal.key]),
        }
        for one in figures.overall(gained)
    ]


def _mean(one: figures.Overall) -> str:
    if one.low is None or one.high is None:
        return f"{percent(one.share - 1)} (n = {len(one.systems)})"
    return f"{percent(one.share - 1)} [{percent(one.low - 1)}, {percent(one.high - 1)}]"


def told(gained: Sequence[Result]) -> str:
    """Which targets are reached in all, and which are not."""
    wanted = [
        one
        for one in figures.overall(gained)
        if one.goal.key in {"throughput", "response_time", "efficiency"}
    ]
    met = [one.goal.text for one in wanted if one.goal.met(one.share)]
    missed = [one.goal.text for one in wanted if not one.goal.met(one.share)]
    parts = (f"Met in all: {', '.join(met) or 'none'}.", f"Not met in all: {', '.join(missed) or 'none'}.")
    return " ".join(parts)
