"""Spaces and outcomes at the edge of what a sampler may meet."""

from __future__ import annotations

import math
from collections.abc import Callable

from autotune.model.ports import SamplerFactory
from autotune.model.problem import Problem
from autotune.model.space import Config, Space, config_key
from autotune.model.trial import Trial
from autotune.testing.promise import kept
from autotune.testing.spaces import good, mixed_outcome, numbers, parameter, rich, search, wide

_MANY = 1000
_WIDE = 200
_AHEAD = 4


def _size(_: int, config: Config) -> float:
    return float(sum(v for v in config.values() if isinstance(v, (int, float))))


def _trials(
    make: SamplerFactory, space: Space, count: int, value: Callable[[int, Config], float]
) -> list[Trial]:
    problem = Problem(space=space, seed=3, trials=count)
    return search(problem, make(problem, options={}), count, outcome=good(value))


def a_space_of_one_point_is_searched(make: SamplerFactory) -> None:
    """Its point is the first answer, and then the search ends."""
    one = Space(parameters=(parameter("a", "int", low=3, high=3), parameter("b", "choice", values=("x",))))
    trials = _trials(make, one, 5, _size)
    kept([t.config for t in trials] == [{"a": 3, "b": "x"}], "tries the one point that there is, and ends")


def a_choice_of_a_thousand_values_is_searched(make: SamplerFactory) -> None:
    """Values that are no numbers, so many that none is met twice by chance."""
    values = tuple(f"v{i}" for i in range(_MANY))
    space = Space(parameters=(parameter("a", "choice", values=values), parameter("b", "int", low=0, high=9)))
    trials = _trials(make, space, 30, lambda _, config: float(str(config["a"])[1:]))
    kept(len(trials) == 30, "searches a choice of 1,000 values")
    kept(len({t.config["a"] for t in trials}) > 5, "tries more than a few values of a long choice")


def two_hundred_parameters_are_searched(make: SamplerFactory) -> None:
    """All of them vary, of mixed kinds as well as of numbers alone."""
    for space in (wide(_WIDE), numbers(_WIDE)):
        trials = _trials(make, space, 14, _size)
        kept(len(trials) == 14, "searches 200 parameters")
        still = [n for n in space.names if len({t.config[n] for t in trials}) == 1]
        kept(len(still) < _WIDE / 4, f"varies 200 parameters; {len(still)} stood still")


def values_that_are_no_numbers_are_no_problem(make: SamplerFactory) -> None:
    """NaN and both infinities, which count as failed."""
    strange = (math.nan, math.inf, -math.inf)
    trials = _trials(make, rich(), 30, lambda n, c: strange[n % 3] if n % 2 else _size(n, c))
    kept(len(trials) == 30, "goes on after values that are not finite")


def a_default_outside_its_domain_is_no_problem(make: SamplerFactory) -> None:
    """A parameter that the study leaves out of a configuration is not brought back with it."""
    space = Space(
        parameters=(
            parameter("a", "int", low=1, high=50, default=0),
            parameter("b", "choice", values=("x", "y"), default="z"),
            parameter("c", "float", low=0.0, high=1.0, default=9.0, when="b == 'y'"),
        )
    )
    trials = _trials(make, space, 25, _size)
    kept(len(trials) == 25, "searches where a default is outside its domain")
    good_values = all(space[n].contains(v) for t in trials for n, v in t.config.items())
    kept(good_values, "never answers a default that is outside its domain")


def trials_may_be_pending(make: SamplerFactory) -> None:
    """Asked for several trials before any of them is told, it answers different configurations."""
    problem = Problem(space=rich(), seed=5)
    sampler, again = make(problem, options={}), make(problem, options={})
    for first in range(0, 40, _AHEAD):
        numbers = range(first, first + _AHEAD)
        answers = [sampler.ask(number, 0) for number in numbers]
        kept(
            answers == [again.ask(number, 0) for number in numbers],
            "answers pending trials from what was told",
        )
        keys = {config_key(a) for a in answers if a is not None}
        kept(
            len(keys) > _AHEAD / 2,
            f"answers different configurations for pending trials; {len(keys)} of {_AHEAD}",
        )
        for number, answer in zip(numbers, answers, strict=True):
            if answer is not None:
                sampler.tell(mixed_outcome(number, problem.space.pruned(answer)))
                again.tell(mixed_outcome(number, problem.space.pruned(answer)))


EXTREMES: tuple[Callable[[SamplerFactory], None], ...] = (
    a_space_of_one_point_is_searched,
    a_choice_of_a_thousand_values_is_searched,
    two_hundred_parameters_are_searched,
    values_that_are_no_numbers_are_no_problem,
    a_default_outside_its_domain_is_no_problem,
    trials_may_be_pending,
)
