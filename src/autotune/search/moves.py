"""Configurations that differ from a given one in one parameter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autotune.model.problem import Problem
from autotune.model.space import Config, Parameter, Space, Value
from autotune.search.domain import distinct, points, singles
from autotune.search.draw import draw_value
from autotune.search.scale import moved, on_line, placed, position
from autotune.search.shares import value_at

LONG = 16
"""A line of more values is walked by shares of its length: single steps would never get far."""

_MANY = 32
"""Of a choice with more values so many are tried, drawn anew for each configuration."""

_NEAR = 0.5
"""How often a random step along a line is a short one: the others are to any value of the domain."""

_LEAST = 1e-12
"""So little of a line is its next step."""


def filled(space: Space, config: Config) -> dict[str, Value]:
    """`config` with a value for every inactive parameter: its default, or the middle of its domain."""
    return {p.name: config[p.name] if p.name in config else _resting(p) for p in space.parameters}


def _resting(parameter: Parameter) -> Value:
    return parameter.default if parameter.contains(parameter.default) else value_at(parameter, 0.5)


def neighbours(
    problem: Problem, config: Config, random: np.random.Generator, *, radius: float
) -> Iterator[dict[str, Value]]:
    """All configurations one move away, in a random order; constraints may not hold.

    A move is to a neighbouring step of a line, or by `radius` of it where it is long; to or from a special
    value; to any other value of a choice or bool.
    """
    whole = filled(problem.space, config)
    moves = [
        (p.name, value)
        for p in problem.space.parameters
        if p.name in config
        for value in steps(p, config[p.name], random, radius=radius)
    ]
    for index in random.permutation(len(moves)):
        name, value = moves[int(index)]
        yield problem.space.pruned({**whole, name: value})


def steps(
    parameter: Parameter, value: Value, random: np.random.Generator, *, radius: float
) -> tuple[Value, ...]:
    """The values that are one move away from `value`."""
    others = tuple(v for v in singles(parameter) if not _same(v, value))
    if len(others) > _MANY:
        others = tuple(others[int(i)] for i in random.permutation(len(others))[:_MANY])
    if not points(parameter):
        return others
    if not on_line(parameter, value):
        return (*others, *distinct(tuple(placed(parameter, where) for where in (0.0, 0.5, 1.0))))
    length = radius if points(parameter) > LONG else _LEAST
    sides = (moved(parameter, value, -length), moved(parameter, value, length))
    return (*others, *(v for v in sides if v is not None))


def resettled(problem: Problem, config: Config, random: np.random.Generator) -> Iterator[dict[str, Value]]:
    """All configurations that differ in one choice, bool or special value; constraints may not hold."""
    for other in neighbours(problem, config, random, radius=_LEAST):
        moved_one = next(n for n in config if n in other and not _same(other[n], config[n]))
        ends = (config[moved_one], other[moved_one])
        if not all(on_line(problem.space[moved_one], value) for value in ends):
            yield other


def changed(problem: Problem, config: Config, random: np.random.Generator, *, count: int) -> dict[str, Value]:
    """`config` with `count` of its parameters at values drawn anew; constraints may not hold."""
    whole = filled(problem.space, config)
    names = list(config)
    for index in random.permutation(len(names))[:count]:
        name = names[int(index)]
        whole[name] = draw_value(problem.space[name], random)
    return problem.space.pruned(whole)


def again(space: Space, before: Config, after: Config) -> tuple[Config, ...]:
    """The move from `before` to `after` made once more, where it was one along a line; else nothing."""
    names = [name for name in after if name not in before or before[name] != after[name]]
    parameter = space[names[0]] if len(names) == 1 and names[0] in before else None
    if parameter is None or not points(parameter):
        return ()
    old, new = before[parameter.name], after[parameter.name]
    if not (on_line(parameter, old) and on_line(parameter, new)):
        return ()
    value = moved(parameter, new, position(parameter, new) - position(parameter, old))
    return () if value is None else (space.pruned({**filled(space, after), parameter.name: value}),)


def step(
    problem: Problem, config: Config, random: np.random.Generator, *, width: float, count: int = 1
) -> dict[str, Value]:
    """`config` with `count` random parameters at another value, on a line most often a near one.

    `width` is the standard deviation of a step along a line, as a share of it; constraints may not hold.
    """
    whole = filled(problem.space, config)
    names = list(config)
    for index in random.permutation(len(names))[:count]:
        name = names[int(index)]
        whole[name] = _other(problem.space[name], whole[name], random, width)
    return problem.space.pruned(whole)


def _other(parameter: Parameter, value: Value, random: np.random.Generator, width: float) -> Value:
    near = points(parameter) and on_line(parameter, value) and random.random() < _NEAR
    new = moved(parameter, value, width * random.standard_normal()) if near else None
    return draw_value(parameter, random) if new is None else new


def _same(one: Value, other: Value) -> bool:
    """True is not 1 here."""
    return one == other and type(one) is type(other)
