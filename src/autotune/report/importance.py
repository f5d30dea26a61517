"""What mattered in the search: a row for each parameter, and for pairs of the strongest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from autotune.model.importance import NO_EFFECT, Figure, Importance
from autotune.model.study import Study
from autotune.report.words import NONE, plain_percent, quantity, rough_percent

_MOST = 30
"""Rows of the page; all are in results.json."""


def importance_data(found: Sequence[Importance]) -> list[dict[str, Any]]:
    """Every objective's importance, for machines."""
    return [
        {
            "metric": one.metric,
            "trials": one.trials,
            "needed": one.needed,
            "relative": one.relative,
            "explained": one.explained,
            "parameters": [
                {
                    "parameter": weight.parameter,
                    "change": _figure_data(weight.change),
                    "best": weight.best and _figure_data(weight.best),
                }
                for weight in one.weights
            ],
            "interactions": [
                {"parameters": pair.parameters, "change": _figure_data(pair.change)}
                for pair in one.interactions
            ],
        }
        for one in found
    ]


def _figure_data(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "shown": figure.shown}


def importance_views(study: Study, found: Sequence[Importance]) -> list[dict[str, Any]]:
    """What the page says of each objective."""
    return [_view(one, study.workload.metric(one.metric).unit) for one in found]


def _view(one: Importance, unit: str) -> dict[str, Any]:
    longest = max((weight.change.value for weight in one.weights), default=0.0)
    return {
        "metric": one.metric,
        "told": _told(one),
        "rows": [
            {
                "name": weight.parameter,
                **_change(weight.change, longest, one, unit),
                "best": _best(weight.best),
            }
            for weight in one.weights[:_MOST]
        ],
        "left": max(0, len(one.weights) - _MOST),
        "pairs": [
            {"name": " and ".join(pair.parameters), **_change(pair.change, longest, one, unit)}
            for pair in one.interactions
        ],
    }


def _told(one: Importance) -> str:
    """What the table rests on, in a sentence; why there is none where that is so."""
    if one.trials < one.needed:
        return f"Needs {one.needed} trials with a value; there are {one.trials}."
    if not one.weights:
        return "Nothing can be told apart: all values are equal, or no parameter varies, or too many do."
    foretold = f"{one.trials} trials; from the others, {plain_percent(round(one.explained, 2))}"
    return f"From {foretold} of the variance of each of them is foretold."


def _change(figure: Figure, longest: float, one: Importance, unit: str) -> dict[str, Any]:
    """The figure in words, and the share of the longest bar."""

    def said(value: float) -> str:
        return rough_percent(value) if one.relative else quantity(value, unit)

    return {
        "change": f"± {said(figure.value)}",
        "interval": f"{said(figure.low)} to {said(figure.high)}",
        "noise": said(figure.noise),
        "shown": figure.shown,
        "bar": round(100 * figure.value / longest) if longest else 0,
        "reading": "matters" if figure.shown else NO_EFFECT,
    }


def _best(figure: Figure | None) -> str:
    if figure is None:
        return NONE
    return f"{figure.value:.2g}" if figure.shown else NO_EFFECT
