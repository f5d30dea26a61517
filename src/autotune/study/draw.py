"""Configurations of a space for checks: all of them where it is small, else drawn at random."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from random import Random

from autotune.model.space import Parameter, Space, Value

_SPECIAL_SHARE = 0.25
"""How often a draw takes a special value where there are any."""


def size(space: Space) -> float:
    """How many configurations the domains span, before conditions and constraints; may be infinite."""
    return space.size()


def every(space: Space) -> Iterator[dict[str, Value]]:
    """Every combination of values, inactive parameters included; for finite spaces only."""
    for values in itertools.product(*map(_members, space.parameters)):
        yield dict(zip(space.names, values, strict=True))


def drawn(space: Space, count: int) -> Iterator[dict[str, Value]]:
    """`count` combinations, the same ones at each call, inactive parameters included."""
    random = Random(0)  # noqa: S311  no secret: the same draws every time
    for _ in range(count):
        yield {p.name: _draw(p, random) for p in space.parameters}


def _members(parameter: Parameter) -> list[Value]:
    if not parameter.numeric:
        return [*parameter.values, *parameter.special]
    count = int(parameter.size()) - len(parameter.special)
    return [*(_at(parameter, index) for index in range(count)), *parameter.special]


def _at(parameter: Parameter, index: int) -> Value:
    number = parameter.low + index * (parameter.step or 1)
    return int(number) if parameter.kind == "int" else float(number)


def _draw(parameter: Parameter, random: Random) -> Value:
    if parameter.special and random.random() < _SPECIAL_SHARE:
        return random.choice(parameter.special)
    if not parameter.numeric:
        return random.choice(parameter.values)
    if parameter.log:
        number = math.exp(random.uniform(math.log(parameter.low), math.log(parameter.high)))
    else:
        number = random.uniform(parameter.low, parameter.high)
    step = parameter.step or (1 if parameter.kind == "int" else None)
    if step is None:
        return min(max(number, parameter.low), parameter.high)
    most = int((parameter.high - parameter.low) / step + 1e-9)
    return _at(parameter, min(round((number - parameter.low) / step), most))
