"""A sampler of autotune, asked and told as in a run."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from autotune.core.registry import load
from autotune.model.ports import Recommending, Sampler
from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.model.trial import Sample, State, Trial
from autotune.search.propose import Proposer

REPEATS = 5
"""So often a run measures its baseline before it searches."""


class Ours:
    """A registered sampler behind the `Proposer`; a failure is told as one of the configuration.

    Where measurements are `noisy`, a run knows by how much from repeats of its baseline. A recorded system
    has no baseline: the first configuration that works stands in for it. It is measured four times more,
    which the budget pays, and told as one trial of five samples; then the sampler is made anew with the
    level of noise that these showed, and told everything again. `first` is measured before all else.
    """

    def __init__(
        self, name: str, problem: Problem, *, noisy: bool = False, first: Sequence[Config] = ()
    ) -> None:
        self._name, self._problem, self._first = name, problem, [(config, "earlier") for config in first]
        self._sign = 1.0 if problem.direction == "minimize" else -1.0
        self._measured = 0
        self._trials: list[Trial] = []
        self._seen: set[str] = set()
        self._unknown = noisy
        self._baseline: Config | None = None
        self._repeats: list[float] = []
        self._start()

    def _start(self) -> None:
        self._sampler: Sampler = load("samplers", self._name)(self._problem, options={})
        self._proposer = Proposer(self._problem, self._sampler, first=self._first)
        for trial in self._trials:
            self._sampler.tell(trial)

    def know(self, trial: Trial) -> None:
        """Takes a trial that was there before the search, as a run's baseline is; it costs nothing here."""
        self._trials.append(trial)
        self._seen.add(config_key(trial.config))
        self._sampler.tell(trial)

    def next(self) -> Config | None:
        """The baseline once more while its noise is not known, else what the sampler answers."""
        if self._baseline is not None:
            return self._baseline
        answer = self._proposer.next(self._measured, self._seen)
        return answer[0] if answer else None

    def tell(self, config: Config, cost: float | None) -> None:
        """Takes an outcome, in the unit and direction of the system."""
        number, self._measured = self._measured, self._measured + 1
        if self._baseline is not None:
            self._repeat(cost)
            return
        trial = Trial(number=number, config=config, origin=self._name, state=State.FAILED_CONFIG)
        if cost is not None:
            trial = replace(trial, state=State.OK, value=self._sign * cost)
        self._trials.append(trial)
        self._seen.add(config_key(config))
        self._sampler.tell(trial)
        if self._unknown and trial.value is not None:
            self._baseline, self._repeats, self._tries = config, [trial.value], 1

    def _repeat(self, cost: float | None) -> None:
        self._tries += 1
        if cost is not None:
            self._repeats.append(self._sign * cost)
        if self._tries < REPEATS:
            return
        values = self._repeats
        whole = replace(
            self._trials[-1], value=statistics.fmean(values), samples=(Sample(state=State.OK),) * len(values)
        )
        self._trials[-1] = whole
        self._problem = replace(self._problem, noise=spread(values))
        self._unknown, self._baseline = False, None
        self._start()

    def recommended(self) -> Config | None:
        """The best by belief: the sampler's own, else under noise that of `auto`, as in a run."""
        sampler = self._sampler
        if not isinstance(sampler, Recommending):
            if not self._problem.noise:
                return None
            sampler = load("samplers", "auto")(self._problem, options={})
            for trial in self._trials:
                sampler.tell(trial)
        return next(iter(sampler.recommended(1)), None)

    def close(self) -> None:
        """Nothing is open."""


def spread(values: list[float]) -> float | None:
    """The relative standard deviation of one measurement; None where one value cannot tell it."""
    middle = abs(statistics.fmean(values))
    return statistics.stdev(values) / middle if len(values) > 1 and middle else None
