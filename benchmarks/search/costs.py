"""What an answer of a sampler costs: CPU time of ask and tell, and memory, by how much it was told."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator
from statistics import fmean
from typing import Any, Protocol

import optuna
import psutil
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from autotune.core.registry import load
from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Parameter, Space, config_key
from autotune.model.trial import State, Trial
from autotune.search.draw import draw, generator
from autotune.search.propose import Proposer

TOLD = (50, 200, 1000, 5000)
ANSWERS = 32
"""So many answers are timed at each count: what is fitted every few tells is in their mean."""

MANY = 100_000
_ENV = Apply(actuator="env")
_NAMES = ("a", "b", "c")


def space() -> Space:
    """Eight parameters of every kind."""
    return Space(
        parameters=(
            Parameter(name="cache", kind="int", low=1, high=65536, log=True, default=128, apply=_ENV),
            Parameter(name="workers", kind="int", low=1, high=64, default=4, apply=_ENV),
            Parameter(name="depth", kind="int", low=0, high=1000, step=10, default=100, apply=_ENV),
            Parameter(name="ratio", kind="float", low=0.0, high=1.0, default=0.5, apply=_ENV),
            Parameter(name="rate", kind="float", low=1e-4, high=1.0, log=True, default=0.1, apply=_ENV),
            Parameter(name="level", kind="ordinal", values=(1, 2, 4, 8, 16), default=4, apply=_ENV),
            Parameter(name="engine", kind="choice", values=_NAMES, default="a", apply=_ENV),
            Parameter(name="sync", kind="bool", values=(False, True), default=True, apply=_ENV),
        )
    )


def value(config: Config) -> float | None:
    """What it takes; one of nine configurations fails."""
    numbers = {name: float(v) for name, v in config.items() if isinstance(v, (int, float))}
    if config["engine"] == "c" and numbers["workers"] > 43:
        return None
    slow = abs(math.log2(numbers["cache"]) - 11) + abs(numbers["workers"] - 20) / 10 + numbers["ratio"]
    return 10 + slow + numbers["depth"] / 1000 + abs(math.log10(numbers["rate"]) + 2) + numbers["sync"]


class Asked(Protocol):
    """What can be told and asked."""

    def fill(self, config: Config) -> None:
        """Tells of a configuration that somebody else chose."""

    def answer(self) -> None:
        """Asks for one and tells what it took."""


class Ours:
    """A sampler of autotune behind the Proposer, as in a run."""

    def __init__(self, name: str) -> None:
        problem = Problem(space=space(), seed=1, trials=MANY)
        self._sampler = load("samplers", name)(problem, options={})
        self._proposer = Proposer(problem, self._sampler)
        self._seen: set[str] = set()
        self._count = 0

    def fill(self, config: Config) -> None:
        """A trial like any other."""
        found = value(config)
        state = State.FAILED_CONFIG if found is None else State.OK
        self._seen.add(config_key(config))
        self._sampler.tell(Trial(number=self._count, config=config, origin="", state=state, value=found))
        self._count += 1

    def answer(self) -> None:
        """A whole turn."""
        found = self._proposer.next(self._count, self._seen)
        if found is None:
            raise RuntimeError("the sampler ended")
        self.fill(found[0])


class Optuna:
    """A sampler of Optuna, in memory, asked and told."""

    def __init__(self, sampler: optuna.samplers.BaseSampler) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._study = optuna.create_study(sampler=sampler)
        self._distributions = {p.name: _distribution(p) for p in space().parameters}

    def fill(self, config: Config) -> None:
        """A finished trial, added."""
        found = value(config)
        self._study.add_trial(
            optuna.trial.create_trial(
                value=found,
                state=TrialState.FAIL if found is None else TrialState.COMPLETE,
                params=dict(config),
                distributions=self._distributions,
            )
        )

    def answer(self) -> None:
        """A whole turn."""
        trial = self._study.ask(self._distributions)
        found = value(trial.params)
        self._study.tell(trial, found, state=TrialState.FAIL if found is None else None)


def _distribution(parameter: Parameter) -> BaseDistribution:
    if not parameter.numeric:
        return CategoricalDistribution(parameter.values)
    low, high = parameter.low, parameter.high
    if parameter.kind == "float":
        return FloatDistribution(low, high, log=parameter.log)
    return IntDistribution(int(low), int(high), log=parameter.log, step=int(parameter.step or 1))


SUBJECTS: dict[str, Callable[[], Asked]] = {
    "optuna-random": lambda: Optuna(optuna.samplers.RandomSampler(seed=1)),
    "optuna-tpe": lambda: Optuna(optuna.samplers.TPESampler(seed=1)),
}


def measured(name: str) -> dict[str, Any]:
    """Milliseconds of CPU time an answer at each count told, its first answer there apart, and memory.

    `mean` and `most` of 32 answers; `first` is what a resumed study waits for; `bytes` is by how much the
    process grew per trial from 1,000 to 5,000 told.
    """
    subject = SUBJECTS[name]() if name in SUBJECTS else Ours(name)
    told, sizes, found = _draws(), {}, {}
    count = 0
    for wanted in TOLD:
        for _ in range(wanted - count):
            subject.fill(next(told))
        first = _ms(subject.answer)
        each = [_ms(subject.answer) for _ in range(ANSWERS)]
        count = wanted + ANSWERS + 1
        found[str(wanted)] = {"mean": fmean(each), "most": max(each), "first": first}
        gc.collect()
        sizes[wanted] = psutil.Process().memory_info().rss
    last, before = TOLD[-1], TOLD[-2]
    return {"told": found, "bytes": (sizes[last] - sizes[before]) / (last - before)}


def many(name: str) -> dict[str, float]:
    """Milliseconds an answer, and bytes a trial, of a search of 100,000 trials near its end."""
    subject, told = Ours(name), _draws()
    start = psutil.Process().memory_info().rss
    for _ in range(MANY - 1000):
        subject.fill(next(told))
    each = [_ms(subject.answer) for _ in range(1000)]
    grown = psutil.Process().memory_info().rss - start
    return {"mean": fmean(each), "most": max(each), "bytes": grown / MANY}


def _ms(turn: Callable[[], None]) -> float:
    before = time.process_time()
    turn()
    return 1000 * (time.process_time() - before)


def _draws() -> Iterator[Config]:
    """Configurations at random."""
    here, number = space(), 0
    while True:
        yield draw(here, generator(2, number, 0))
        number += 1
