"""The line of a parameter scaled to [0, 1], by the logarithm where it is `log`."""

from __future__ import annotations

import math

from autotune.model.space import Parameter, Value
from autotune.search.domain import index_of, nearest, nth, ordered, points


def on_line(parameter: Parameter, value: Value) -> bool:
    """Whether `value` is one of the line, rather than a single one beside it."""
    if parameter.kind == "ordinal":
        return value in ordered(parameter) and value not in parameter.special
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return parameter.numeric and number and value not in parameter.special


def position(parameter: Parameter, value: Value) -> float:
    """Where a value of the line stands, 0 at its low end and 1 at its high one."""
    if parameter.kind == "ordinal":
        return index_of(parameter, value) / max(1.0, points(parameter) - 1)
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number of {parameter.name}")
    low, high = parameter.low, parameter.high
    if high <= low:
        return 0.0
    return math.log(value / low) / math.log(high / low) if parameter.log else (value - low) / (high - low)


def placed(parameter: Parameter, where: float) -> Value:
    """The value of the line nearest to `where`; beyond its ends, the end."""
    where = max(0.0, min(1.0, where))
    if parameter.kind == "ordinal":
        return nth(parameter, round(where * (points(parameter) - 1)))
    low, high = parameter.low, parameter.high
    return nearest(parameter, low * (high / low) ** where if parameter.log else low + where * (high - low))


def moved(parameter: Parameter, value: Value, by: float) -> Value | None:
    """The value about `by` of the scaled line further, at least the next one; None beyond the end."""
    new = placed(parameter, position(parameter, value) + by)
    if new != value or math.isinf(points(parameter)):
        return None if new == value else new
    index = index_of(parameter, value) + (1 if by > 0 else -1)
    return nth(parameter, index) if 0 <= index < points(parameter) else None
