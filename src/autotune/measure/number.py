"""A finite number, or a sentence that says why there is none."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

from autotune.core.units import UnitError, convert

Kind: TypeAlias = Literal["metric_missing", "bad_metric"]

MOST_VALUES = 1_000_000
"""Values that one metric of one sample is read from at most: reading them takes a few seconds."""

_LONGEST_SHOWN = 80


class MetricError(Exception):
    """A metric without a usable value: not there at all, or there and no finite number."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.sentence = message


def from_text(text: str, unit: str) -> float:
    """The number that `text` spells, in `unit`; raises MetricError for `1,5`, `nan`, `1e400` and the like."""
    try:
        return finite(convert(text, unit))
    except UnitError as error:
        raise MetricError("bad_metric", str(error)) from error


def from_data(value: Any) -> float:
    """The number that a JSON value is; text, true and null are none and raise MetricError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MetricError("bad_metric", f"found {_shown(value)}, which is no number")
    return finite(value)


def finite(value: float) -> float:
    """`value` as a float; raises MetricError for NaN and infinity, and beyond the range of a float."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MetricError("bad_metric", f"found {number}, which is no finite number")
    return number


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
