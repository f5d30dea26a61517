"""A space in Optuna's distributions, both ways."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from autotune.model.space import Config, Parameter, Space, Value
from autotune.search.domain import index_of, nearest, nth, points, singles

Distributions: TypeAlias = dict[str, BaseDistribution]

_WHICH = "?"
"""`name?` is which single value, or the line; `name` is where on the line."""


def distributions(space: Space) -> Distributions:
    """All that Optuna is asked for: a category for single values, a range for the line beside them."""
    found: Distributions = {}
    for parameter in space.parameters:
        listed, line = singles(parameter), points(parameter) > 0
        if listed:
            found[parameter.name + _WHICH] = CategoricalDistribution(range(len(listed) + line))
        if line:
            found[parameter.name] = _line(parameter)
    return found


def numeric(found: Distributions) -> Distributions:
    """Those of numbers that have more than one value."""
    return {
        name: one
        for name, one in found.items()
        if not isinstance(one, CategoricalDistribution) and not one.single()
    }


def _line(parameter: Parameter) -> BaseDistribution:
    count, low, high = points(parameter), parameter.low, parameter.high
    if parameter.log and parameter.kind == "int" and parameter.step in {None, 1}:
        return IntDistribution(int(low), int(high), log=True)
    if _by_number(parameter):
        return FloatDistribution(low, high, log=parameter.log)
    return IntDistribution(0, int(count) - 1)


def decoded(space: Space, params: Mapping[str, Any]) -> dict[str, Value]:
    """The configuration that Optuna's answer stands for, without inactive parameters."""
    return space.pruned({p.name: _value(p, params) for p in space.parameters})


def _value(parameter: Parameter, params: Mapping[str, Any]) -> Value:
    listed = singles(parameter)
    which = int(params[parameter.name + _WHICH]) if listed else 0
    if which < len(listed):
        return listed[which]
    where = params[parameter.name]
    return nearest(parameter, where) if _by_number(parameter) else nth(parameter, where)


def _by_number(parameter: Parameter) -> bool:
    """Whether the line is told by the number itself; otherwise by its index on the line."""
    return parameter.log or math.isinf(points(parameter))


def encoded(space: Space, config: Config) -> dict[str, Any] | None:
    """`config` as Optuna's parameters; None where it holds a value outside the space."""
    if not config.keys() <= set(space.names):
        return None
    params: dict[str, Any] = {}
    for parameter in (space[name] for name in config):
        value = config[parameter.name]
        if not parameter.contains(value):
            return None
        listed = singles(parameter)
        known = [i for i, single in enumerate(listed) if single == value and type(single) is type(value)]
        if listed:
            params[parameter.name + _WHICH] = known[0] if known else len(listed)
        if not known:
            params[parameter.name] = value if _by_number(parameter) else index_of(parameter, value)
    return params
