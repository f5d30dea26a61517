"""The rows of the tables of one system's page, as text, from its kept result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import figures

from autotune.model.space import shown
from autotune.report.words import NONE, number, percent, plain_percent, quantity, shown_unit

Result = Mapping[str, Any]
_ABOUT_THE_MEASURING = (
    "host_",
    "foreign_",
    "pressure_",
    "load",
    "environment_",
    "monitor_",
    "peak_p",
    "peak_g",
)
"""Resources that tell how well was measured, or the same twice: in the kept result, not on the page."""

_SIGNIFICANT = {True: "*", False: ""}
_WAYS = {"maximize": "more is better", "minimize": "less is better", None: ""}
_TIMES = {
    "measuring": "measuring (reset, command, check)",
    "changing": "changing the machine",
    "restarting": "of these: restarting services",
    "resetting": "of these: resetting data",
    "all": "in all",
}


def sentence(result: Result) -> str:
    """The verdict in one line, as the command line says it."""
    verdict, objective = result["verdict"], result["objective"]
    if verdict is None:
        return "Nothing to confirm: no configuration but the baseline worked."
    way = "more is better" if objective["direction"] == "maximize" else "less is better"
    held = (
        "every limit held"
        if all(limit["held"] == "held" for limit in verdict["limits"])
        else "a limit is not held"
    )
    return (
        f"{verdict['result'].upper()}: {objective['metric']} {change(result)} over the baseline ({way}), "
        f"{verdict['pairs']} pairs, {held}; margin {plain_percent(verdict['margin'])}"
    )


def change(result: Result) -> str:
    """The change of the objective with its interval; the sign is the metric's own."""
    verdict, objective = result["verdict"], result["objective"]
    effect = verdict and verdict["effect"]
    if not effect:
        return NONE
    return effect_text(effect, objective["direction"], objective["unit"])


def effect_text(effect: Mapping[str, Any], direction: str, unit: str) -> str:
    """An effect as the metric shows it: where less is better, a gain is a fall."""
    ends = [effect["estimate"], effect["low"], effect["high"]]
    if direction == "minimize":
        ends = [-effect["estimate"], -effect["high"], -effect["low"]]
    told = [percent(value) if effect["relative"] else quantity(value, unit) for value in ends]
    return f"{told[0]} [{told[1]}, {told[2]}]"


def changes(result: Result, texts: Mapping[str, str]) -> list[dict[str, str]]:
    """What the profile changes; `texts` say what each parameter does."""
    return [
        {
            "parameter": change["parameter"],
            "before": _value(change["from"], change["unit"]),
            "after": _value(change["to"], change["unit"]),
            "adds": _adds(change),
            "scope": change["scope"],
            "risk": ", ".join(change["risk"]) or "none",
            "text": texts.get(change["parameter"], ""),
        }
        for change in result["changes"]
    ]


def _value(value: Any, unit: str) -> str:
    return f"{shown(value)} {shown_unit(unit)}".rstrip()


def _adds(change: Mapping[str, Any]) -> str:
    """What the change adds to the others, for the better."""
    effect = change["effect"]
    if not effect:
        return "not measured alone"
    if not change["shown"]:
        return "not shown alone"
    return percent(effect["estimate"]) if effect["relative"] else number(effect["estimate"])


def risks(result: Result) -> str:
    """Each risk with the parameters that bring it."""
    return (
        "; ".join(f"{risk} ({', '.join(names)})" for risk, names in result["risks"].items())
        or "none declared"
    )


def sides(result: Result) -> list[dict[str, str]]:
    """Metrics first, then resources: medians of both arms."""
    return [
        {
            "name": side["name"],
            "baseline": quantity(side["baseline"], side["unit"]),
            "tuned": quantity(side["tuned"], side["unit"]),
            "change": _moved(side),
            "star": _SIGNIFICANT[side["beyond_chance"]],
            "better": _WAYS[side["direction"]],
        }
        for side in result["sides"]
        if side["direction"] or not _beside(side)
    ]


def _beside(side: Mapping[str, Any]) -> bool:
    return side["name"].startswith(_ABOUT_THE_MEASURING) or "the whole host" in side["source"]


def per_unit(result: Result) -> list[dict[str, str]]:
    """What a unit of work took."""
    return [
        {
            "name": name,
            "baseline": f"{number(cost['baseline'])} {cost['unit']}",
            "tuned": f"{number(cost['tuned'])} {cost['unit']}",
            "change": _moved(cost),
        }
        for name, cost in result["per_unit"].items()
    ]


def _moved(side: Mapping[str, Any]) -> str:
    before, after = side["baseline"], side["tuned"]
    return percent(after / before - 1) if before and before > 0 and after is not None else NONE


def limits(result: Result) -> list[dict[str, str]]:
    """Each limit, whether it is held, and what was seen."""
    found = result["verdict"]["limits"] if result["verdict"] else []
    return [
        {
            "text": limit["text"],
            "held": limit["held"],
            "seen": NONE if limit["seen"] is None else number(limit["seen"]),
            "bound": NONE if limit["bound"] is None else number(limit["bound"]),
        }
        for limit in found
    ]


def aims(result: Result) -> list[dict[str, str]]:
    """The targets of the design beside what was reached; empty without a proven gain."""
    known = figures.shares(result)
    if not figures.slack([result]):
        return []
    return [
        {
            "text": goal.text,
            "target": target(goal),
            "share": percent(known[goal.key] - 1),
            "met": "met" if goal.met(known[goal.key]) else "not met",
        }
        for goal in figures.GOALS
        if goal.key in known
    ]


def target(goal: figures.Goal) -> str:
    """What the design aims at, as a change."""
    return NONE if goal.target is None else percent(goal.target - 1)


def times(result: Result) -> list[tuple[str, str]]:
    """Where the seconds went; what no driver tells is left out."""
    seconds = result["seconds"]
    return [
        (text, f"{seconds[name]:.0f}")
        for name, text in _TIMES.items()
        if seconds[name] or name != "resetting"
    ]


def machine(result: Result) -> str:
    """The machine in one line."""
    known = result["machine"]
    memory = f"{known['memory_mib'] / 1024:.0f} GiB" if "memory_mib" in known else ""
    parts = (
        known.get("cpu_model"),
        f"{known.get('cpus')} CPUs",
        memory,
        known.get("os"),
        known.get("filesystem"),
    )
    return ", ".join(str(part) for part in parts if part) + f", Linux {known.get('kernel', '')}"
