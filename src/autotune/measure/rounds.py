"""The rounds of a function that was called many times in one process, as one set of figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from autotune.judge.warmup import warm_up
from autotune.measure.metrics import returned

CALL_S = "call_s"
"""Seconds per call, measured around each round."""


def settled(file: Path) -> Mapping[str, Any]:
    """The median over the rounds in `file` of whatever number every one of them has; empty without a round.

    Rounds at the beginning whose seconds per call are a warm-up are left out.
    """
    rounds = returned(file).get("rounds", [])
    if not rounds:
        return {}
    kept = rounds[warm_up([one[CALL_S] for one in rounds]) :]
    names = [name for name in kept[0] if all(_is_number(one.get(name)) for one in kept)]
    return {name: median(one[name] for one in kept) for name in names}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
