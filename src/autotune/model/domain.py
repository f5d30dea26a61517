"""A parameter's domain as single values beside a line of numbers or ordered values."""

from __future__ import annotations

import math

from autotune.model.space import Parameter, Value


def singles(parameter: Parameter) -> tuple[Value, ...]:
    """Values without an order: all of a bool or choice, special ones, and unset wherever it is listed."""
    if not parameter.special and parameter.kind in {"bool", "choice"}:
        return parameter.values  # each once already; a choice of thousands is drawn from at every trial
    if parameter.numeric:
        listed = parameter.special
    elif parameter.kind == "ordinal":
        listed = (*parameter.special, *(v for v in parameter.values if v is None))
    else:
        listed = (*parameter.values, *parameter.special)
    return distinct(listed)


def distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Each value once, the first time; True is not 1 here."""
    return tuple({(type(value), value): value for value in values}.values())


def ordered(parameter: Parameter) -> tuple[Value, ...]:
    """Values of an ordinal in their order, without unset; empty for other kinds."""
    return tuple(v for v in parameter.values if v is not None) if parameter.kind == "ordinal" else ()


def points(parameter: Parameter) -> float:
    """How many values the line has: infinite where it is continuous, 0 for bool and choice."""
    if not parameter.numeric:
        return len(ordered(parameter))
    if parameter.kind == "float" and parameter.step is None:
        return math.inf
    span = parameter.high - parameter.low
    # Whole numbers are divided as such: beyond 2**53 a float would miss the end.
    return int(span) // _step(parameter) + 1 if parameter.kind == "int" else _steps(span, _step(parameter))


def _steps(span: float, step: float) -> int:
    return int(span / step + 1e-9) + 1


def _step(parameter: Parameter) -> int | float:
    step = parameter.step or 1
    return max(1, int(step)) if parameter.kind == "int" else step


def nth(parameter: Parameter, index: int) -> Value:
    """The value at `index` of a line with steps; an index beyond its ends is moved to the end."""
    index = max(0, min(int(points(parameter)) - 1, index))
    if parameter.kind == "ordinal":
        return ordered(parameter)[index]
    if parameter.kind == "int":
        return int(parameter.low) + index * int(_step(parameter))
    exact = min(float(parameter.high), parameter.low + index * _step(parameter))
    short = float(f"{exact:.15g}")  # 0.1 + 2 * 0.1 is to read 0.3 in a profile
    return short if parameter.contains(short) else exact


def index_of(parameter: Parameter, value: Value) -> int:
    """Where `value` stands on a line with steps: the nearest step for a number."""
    if parameter.kind == "ordinal":
        return ordered(parameter).index(value)
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number of {parameter.name}")
    return round((value - parameter.low) / _step(parameter))


def nearest(parameter: Parameter, number: float) -> Value:
    """The member of a range of numbers that lies nearest to `number`."""
    if math.isinf(points(parameter)):
        return max(float(parameter.low), min(float(parameter.high), float(number))) + 0.0
    return nth(parameter, round((number - parameter.low) / _step(parameter)))


def at(parameter: Parameter, share: float) -> Value:
    """The value at `share` (in [0, 1)) of the line, so that a uniform share gives a uniform value.

    On a log scale the logarithm is uniform; where the line has steps, each gets the stretch up to the next.
    """
    count, low, high = points(parameter), parameter.low, parameter.high
    if math.isinf(count):
        return nearest(
            parameter, low * (high / low) ** share if parameter.log else low + share * (high - low)
        )
    if not parameter.log:
        return nth(parameter, int(share * count))
    step = _step(parameter)
    return nth(parameter, int((low * ((high + step) / low) ** share - low) / step))


def _spread(parameter: Parameter, levels: int) -> tuple[Value, ...]:
    count = points(parameter)
    if count <= levels:
        return tuple(nth(parameter, index) for index in range(int(count)))
    shares = [index / (levels - 1) for index in range(levels)] if levels > 1 else [0.5]
    if parameter.kind == "ordinal":
        return tuple(nth(parameter, round(share * (count - 1))) for share in shares)
    low, high = parameter.low, parameter.high
    if parameter.log:
        return tuple(nearest(parameter, low * (high / low) ** share) for share in shares)
    return tuple(nearest(parameter, low + share * (high - low)) for share in shares)


def members(parameter: Parameter, levels: int) -> tuple[Value, ...]:
    """All single values, and the line itself or, where it has more values, `levels` of it evenly spread."""
    return distinct((*singles(parameter), *_spread(parameter, levels)))
