"""Search spaces and outcomes to try samplers on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from autotune.core.expression import parse
from autotune.model.ports import Sampler
from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Kind, Parameter, Space, config_key
from autotune.model.trial import State, Trial
from autotune.search.propose import Proposer

Outcome: TypeAlias = Callable[[int, Config, str], Trial]
"""What becomes of a configuration: number of the trial, configuration and origin to a finished trial."""


def parameter(name: str, kind: Kind, **rest: Any) -> Parameter:
    """A parameter whose default is its first or lowest value, and whose `when` is a text."""
    if "when" in rest:
        rest["when"] = parse(rest["when"])
    rest.setdefault("default", rest["values"][0] if "values" in rest else rest.get("low"))
    return Parameter(name=name, kind=kind, apply=Apply(actuator="env"), **rest)


def rich() -> Space:
    """Every kind of parameter, with log, step, special, unset, nested conditions and constraints."""
    return Space(
        parameters=(
            parameter("inner", "float", low=0.5, high=2.0, when="workers >= 4"),
            parameter("workers", "int", low=1, high=8, when="engine == 'pool'"),
            parameter("engine", "choice", values=("sync", "pool", "ring")),
            parameter("cache", "int", low=1, high=100_000, log=True),
            parameter("pages", "int", low=0, high=100, step=5, special=(-1, None)),
            parameter("logged", "int", low=16, high=4096, step=16, log=True),
            parameter("ratio", "float", low=0.0, high=1.0),
            parameter("tenths", "float", low=0.1, high=0.9, step=0.1),
            parameter("rate", "float", low=1e-6, high=1.0, log=True, special=(0.0,)),
            parameter("sync", "bool", values=(False, True)),
            parameter("level", "ordinal", values=("off", "normal", "full", None)),
        ),
        constraints=(parse("pages <= cache"), parse("ratio <= limit")),
        facts={"limit": 0.8},
    )


def small() -> Space:
    """Seven configurations: `a` or `b` with one of three x, fast or not, and one of these forbidden."""
    return Space(
        parameters=(
            parameter("mode", "choice", values=("a", "b")),
            parameter("x", "int", low=1, high=3, when="mode == 'b'"),
            parameter("fast", "bool", values=(False, True)),
        ),
        constraints=(parse("not (fast and x == 3)"),),
    )


def wide(count: int) -> Space:
    """So many parameters, of four kinds in turn."""
    kinds: tuple[dict[str, Any], ...] = (
        {"kind": "int", "low": 0, "high": 1000},
        {"kind": "float", "low": 0.0, "high": 1.0},
        {"kind": "choice", "values": ("a", "b", "c")},
        {"kind": "bool", "values": (False, True)},
    )
    return Space(parameters=tuple(parameter(f"p{i}", **kinds[i % len(kinds)]) for i in range(count)))


def numbers(count: int) -> Space:
    """So many whole numbers."""
    return Space(parameters=tuple(parameter(f"p{i}", "int", low=1, high=100) for i in range(count)))


def mixed_outcome(number: int, config: Config, origin: str = "test") -> Trial:
    """A trial as a workload with failures, limits and a broken environment would end it."""
    value = sum(math.log1p(abs(v)) for v in config.values() if isinstance(v, (int, float)))
    state = State.OK
    if config.get("sync") and number % 3 == 0:
        state = State.FAILED_CONFIG
    elif number % 7 == 6:
        state = State.TIMEOUT
    elif number % 11 == 10:
        state = State.FAILED_ENVIRONMENT
    missed = 0.4 if config.get("engine") == "ring" else -0.1
    measured = value if state is State.OK else None
    return Trial(number=number, config=config, origin=origin, state=state, value=measured, violation=missed)


def hasty(bound: float) -> Outcome:
    """Trials that end as by `mixed_outcome`, but are aborted where their value is above `bound`."""

    def outcome(number: int, config: Config, origin: str) -> Trial:
        trial = mixed_outcome(number, config, origin)
        if trial.value is None or trial.value <= bound:
            return trial
        return replace(trial, state=State.ABORTED, value=bound, violation=0.0)

    return outcome


def good(value: Callable[[int, Config], float]) -> Outcome:
    """Trials that all run, with this value of their number and configuration."""

    def outcome(number: int, config: Config, origin: str) -> Trial:
        measured = value(number, config)
        return Trial(number=number, config=config, origin=origin, state=State.OK, value=measured)

    return outcome


def failed(number: int, config: Config, origin: str) -> Trial:
    """A trial whose configuration does not run."""
    return Trial(number=number, config=config, origin=origin, state=State.FAILED_CONFIG)


def search(
    problem: Problem,
    sampler: Sampler,
    count: int,
    *,
    told: Sequence[Trial] = (),
    outcome: Outcome = mixed_outcome,
) -> list[Trial]:
    """All trials of a search of `count`, or less where it ends; `told` are those of an earlier part."""
    trials = list(told)
    for trial in trials:
        sampler.tell(trial)
    proposer = Proposer(problem, sampler)
    while len(trials) < count:
        answer = proposer.next(len(trials), {config_key(t.config) for t in trials})
        if answer is None:
            break
        trials.append(outcome(len(trials), *answer))
        sampler.tell(trials[-1])
    return trials
