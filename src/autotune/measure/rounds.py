"""The rounds of a function that was called many times in one process, as one set of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from autotune.judge.warmup import warm_up
from autotune.measure.texts import returned
from autotune.model.returned import CALL_S


def settled(file: Path) -> Mapping[str, Any]:
    """The median over the rounds in `file` of whatever number every one of them has; empty without a round.

    Lists that every round has are put together: their values come from one call of each round. Rounds at
    the beginning whose seconds per call are a warm-up are left out.
    """
    rounds = returned(file).get("rounds", [])
    if not rounds:
        return {}
    kept = rounds[warm_up([one[CALL_S] for one in rounds]) :]
    columns = {name: [one.get(name) for one in kept] for name in kept[0]}
    return {name: found for name, column in columns.items() if (found := _together(column)) is not None}


def _together(column: Sequence[Any]) -> float | list[Any] | None:
    """One figure's values of all rounds as one, or None where they are not all of one kind."""
    if all(map(_is_number, column)):
        return float(median(column))
    if all(isinstance(value, list) for value in column):
        return list(chain.from_iterable(column))
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
