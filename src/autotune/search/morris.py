"""Trajectories through a space that change one parameter at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from autotune.model.problem import Problem
from autotune.model.screening import Design, Step
from autotune.model.space import Config, Parameter, Value
from autotune.search.codes import Axis
from autotune.search.domain import points, singles
from autotune.search.draw import generator
from autotune.search.scale import on_line, placed, position
from autotune.solve.repair import repaired
from autotune.solve.rules import Rules

_LEVELS = (0.0, 1 / 3, 2 / 3, 1.0)
"""Places on a line: four levels and steps of two thirds reach each of them equally often (Morris 1991)."""

_STEP = 2 / 3
_LINE_WEIGHT = 4  # as in draw: a single value weighs at least a quarter of the line beside it

_BASES, _MENDED = 20, 3
"""Beginnings of a trajectory to choose among; of them repaired where none is permitted."""

_PURPOSE = 35  # of randomness


def design(problem: Problem, start: Config, *, trajectories: int) -> Design:
    """So many trajectories, each of which changes every parameter of more than one value once.

    One-at-a-time design (Morris 1991) on a space of mixed types: on a line a step goes two thirds of it, of
    a category to another one. The first trajectory begins at `start`, the baseline, which is measured anyway,
    so that there are at most trajectories * (parameters + 1) - 1 configurations. A change that is not
    permitted gives way to another value of the same parameter; where there is none, and of a parameter that
    is inactive all along, the trajectory has no step.
    """
    going = _Trajectories(problem, start)
    steps = [step for number in range(trajectories) for step in going.one(number)]
    taken = Counter(step.parameter for step in steps)
    return Design(
        start=problem.space.pruned(start),
        parameters=going.names,
        steps=tuple(steps),
        dropped={n: trajectories - taken[n] for n in going.names if taken[n] < trajectories},
    )


class _Trajectories:
    def __init__(self, problem: Problem, start: Config) -> None:
        self._problem, self._space = problem, problem.space
        self._start = {**{p.name: p.default for p in self._space.parameters}, **start}
        self.names = tuple(p.name for p in self._space.parameters if p.size() > 1)
        self._axes = {name: Axis(self._space[name]) for name in self.names}
        self._taken: Counter[str] = Counter()
        self._dependents = {
            name: {p.name for p in self._space.parameters if p.when and name in p.when.names}
            for name in self.names
        }

    def one(self, number: int) -> Iterator[Step]:
        """The steps of trajectory `number`, in a drawn order, what hangs on another one before that one."""
        random = generator(self._problem.seed, number, 0, _PURPOSE)
        whole = self._start if number == 0 else self._base(random)
        waiting = [self.names[i] for i in random.permutation(len(self.names))]
        while name := self._next(waiting, whole):
            waiting.remove(name)
            changed = self._changed(whole, name, random)
            if changed is not None:
                yield self._step(name, whole, changed)
                whole = changed

    def _next(self, waiting: list[str], whole: Config) -> str | None:
        """The next parameter that is active: one first that switches off nothing that still waits."""
        active = [name for name in waiting if name in self._space.pruned(whole)]
        free = [name for name in active if not self._dependents[name] & set(active)]
        return next(iter([*free, *active]), None)

    def _changed(self, whole: Config, name: str, random: np.random.Generator) -> dict[str, Value] | None:
        for value in _others(self._space[name], whole[name], random):
            changed = {**whole, name: value}
            if self._problem.permits(self._space.pruned(changed)):
                return changed
        return None

    def _step(self, name: str, before: Config, after: Config) -> Step:
        self._taken[name] += 1
        return Step(
            parameter=name,
            before=self._space.pruned(before),
            after=self._space.pruned(after),
            up=_place(self._axes[name], after[name]) > _place(self._axes[name], before[name]),
        )

    def _base(self, random: np.random.Generator) -> Mapping[str, Value]:
        """Where a trajectory begins: of some draws the one in which most is active that has few steps yet."""
        drawn = [{p.name: _level(p, random) for p in self._space.parameters} for _ in range(_BASES)]
        found = [whole for whole in drawn if self._problem.permits(self._space.pruned(whole))]
        return max(found or self._mended(drawn[:_MENDED]), key=self._worth, default=self._start)

    def _worth(self, whole: Config) -> float:
        return sum(1 / (1 + self._taken[name]) for name in self._space.pruned(whole))

    def _mended(self, drawn: Sequence[Config]) -> list[dict[str, Value]]:
        """The permitted configurations that are nearest to them, as far as some are found."""
        rules = Rules(self._space, barred=self._problem.barred)
        permits = self._problem.permits
        found = [repaired(rules, self._space.pruned(whole), permits=permits) for whole in drawn]
        return [{**whole, **near} for whole, near in zip(drawn, found, strict=True) if near is not None]


def _place(axis: Axis, value: Value) -> float:
    """Where a value stands in its domain; one outside, which a machine may have now, before all others."""
    return axis.code(value) if axis.parameter.contains(value) else -1.0


def _level(parameter: Parameter, random: np.random.Generator) -> Value:
    listed, weight = singles(parameter), min(points(parameter), _LINE_WEIGHT)
    if random.random() * (len(listed) + weight) < len(listed):
        return listed[int(random.integers(len(listed)))]
    return placed(parameter, _LEVELS[int(random.integers(len(_LEVELS)))])


def _others(parameter: Parameter, value: Value, random: np.random.Generator) -> list[Value]:
    """Values that a step can go to, the one to try first at the beginning."""
    listed = singles(parameter)
    beside = [listed[i] for i in random.permutation(len(listed))]
    line = _along(parameter, value, random) if points(parameter) else []
    share = len(listed) / (len(listed) + min(points(parameter), _LINE_WEIGHT))
    both = [*beside, *line] if random.random() < share else [*line, *beside]
    return [other for other in both if (type(other), other) != (type(value), value)]


def _along(parameter: Parameter, value: Value, random: np.random.Generator) -> list[Value]:
    """Levels of the line: those first that are about two thirds of it away."""
    drawn = [_LEVELS[i] for i in random.permutation(len(_LEVELS))]
    if on_line(parameter, value):
        here = position(parameter, value)
        drawn.sort(key=lambda place: round(abs(abs(place - here) - _STEP), 9))
    return [placed(parameter, place) for place in drawn]
