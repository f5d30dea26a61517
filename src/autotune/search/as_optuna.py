"""Every sampler of autotune as one of Optuna's.

import optuna
from autotune.search.as_optuna import AutotuneSampler

study = optuna.create_study(sampler=AutotuneSampler("annealing", seed=1, trials=100))
study.optimize(objective, n_trials=100)
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler
from optuna.search_space import IntersectionSearchSpace
from optuna.trial import FrozenTrial, TrialState

from autotune.core.registry import load
from autotune.model.ports import Sampler
from autotune.model.problem import Problem
from autotune.model.space import Apply, Config, Kind, Parameter, Space, Value, config_key
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction
from autotune.search.draw import draw_value, generator
from autotune.search.propose import Proposer

_STATES = {
    TrialState.COMPLETE: State.OK,
    TrialState.FAIL: State.FAILED_CONFIG,
    TrialState.PRUNED: State.INFEASIBLE,
}


class AutotuneSampler(BaseSampler):
    """The sampler registered as `name` (entry points `autotune.samplers`) for a study of Optuna.

    Searches the parameters that all finished trials have in common, or those of `space`; others are drawn at
    random. `trials` is the budget, where it is known, `noise` the relative standard deviation of a value,
    `options` are the sampler's own. Failed and pruned trials are told as infeasible, constraints above 0 as
    limits that were missed by so much. An answer rests on the seed and the study's finished trials alone, so
    a study from a storage goes on exactly with a sampler of the same seed.

    Raises UsageError for a name or an option that is not known, here or before the first trial.
    """

    def __init__(  # noqa: PLR0913  as Optuna's own
        self,
        name: str = "auto",
        *,
        seed: int | None = None,
        trials: int | None = None,
        noise: float | None = None,
        space: Mapping[str, BaseDistribution] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._make = load("samplers", name)
        self._seed = secrets.randbits(32) if seed is None else seed
        self._trials, self._noise = trials, noise
        self._given = None if space is None else dict(space)
        self._options = dict(options or {})
        self._common = IntersectionSearchSpace()
        self._under_way: _Search | None = None

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """Refuses a study with more objectives than the sampler takes, before anything of it is measured."""
        del trial
        if self._under_way is None and not study.trials[:-1]:
            self._make(self._problem(study, {"any": CategoricalDistribution((0, 1))}), options=self._options)

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """The parameters that are searched together."""
        del trial
        return self._common.calculate(study) if self._given is None else dict(self._given)

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The sampler's answer for `trial`; nothing where the space is exhausted or the search converged."""
        if not search_space:
            return {}
        told = study.get_trials(deepcopy=False, states=tuple(_STATES))
        search = self._under_way
        if search is None or not search.continues(search_space, told):
            problem = self._problem(study, search_space)
            sampler = self._make(problem, options=self._options)
            search = self._under_way = _Search(problem, sampler, search_space)
        return search.answer(trial.number, told)

    def _problem(self, study: optuna.Study, space: Mapping[str, BaseDistribution]) -> Problem:
        return Problem(
            space=Space(parameters=tuple(parameter(name, found) for name, found in sorted(space.items()))),
            directions=tuple(_direction(one) for one in study.directions),
            seed=self._seed,
            trials=self._trials,
            noise=self._noise,
        )

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A value drawn at random, for a parameter that is not searched (yet)."""
        del study
        one = parameter(param_name, param_distribution)
        random = generator(self._seed, trial.number, 0, zlib.crc32(param_name.encode()))
        return _outside(param_distribution, draw_value(one, random))


class _Search:
    """A sampler for one search space, and which trials of the study it was told."""

    def __init__(self, problem: Problem, sampler: Sampler, space: Mapping[str, BaseDistribution]) -> None:
        self._distributions = dict(space)
        self._sampler = sampler
        self._proposer = Proposer(problem, sampler)
        self._told: list[int] = []
        self._seen: set[str] = set()

    def continues(self, space: Mapping[str, BaseDistribution], trials: Sequence[FrozenTrial]) -> bool:
        """Whether the space is the same, and what was told is how the study's finished trials begin."""
        numbers = [trial.number for trial in trials]
        return self._distributions == space and self._told == numbers[: len(self._told)]

    def answer(self, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any]:
        """Optuna's parameters for trial `number`, after `trials`."""
        for trial in trials[len(self._told) :]:
            self._told.append(trial.number)
            config = self._config(trial)
            if config.keys() == self._distributions.keys():
                self._seen.add(config_key(config))
                self._sampler.tell(outcome(trial, config))
        found = self._proposer.next(number, self._seen)
        answer: Config = {} if found is None else found[0]
        self._seen.add(config_key(answer))  # under way in another thread it is not to be answered again
        return {name: _outside(self._distributions[name], value) for name, value in answer.items()}

    def _config(self, trial: FrozenTrial) -> dict[str, Value]:
        """What it had of the searched parameters; a value that another distribution gave is left out."""
        return {
            name: _inside(found, trial.params[name])
            for name, found in self._distributions.items()
            if trial.distributions.get(name) == found
        }


def outcome(trial: FrozenTrial, config: Config) -> Trial:
    """A finished trial of Optuna as one of autotune's."""
    values = trial.values if trial.state is TrialState.COMPLETE else None
    return Trial(
        number=trial.number,
        config=config,
        origin="optuna",
        state=_STATES[trial.state],
        value=values[0] if values else None,
        further=tuple(values[1:]) if values else (),
        violation=sum(max(0.0, limit) for limit in trial.constraints.values()),
    )


def parameter(name: str, found: BaseDistribution) -> Parameter:
    """A distribution of Optuna as a parameter; categories are told by their place among the choices."""
    apply = Apply(actuator="none")
    if isinstance(found, CategoricalDistribution):
        places = tuple(range(len(found.choices)))
        return Parameter(name=name, kind="choice", default=0, values=places, apply=apply)
    if not isinstance(found, (IntDistribution, FloatDistribution)):
        raise TypeError(f"parameter '{name}': autotune has no counterpart of {found}")
    kind: Kind = "int" if isinstance(found, IntDistribution) else "float"
    step = None if kind == "int" and found.step == 1 else found.step
    return Parameter(
        name=name,
        kind=kind,
        default=found.low,
        low=found.low,
        high=found.high,
        log=found.log,
        step=step,
        apply=apply,
    )


def _inside(found: BaseDistribution, value: Any) -> Value:
    if isinstance(found, CategoricalDistribution):
        return int(found.to_internal_repr(value))
    plain: Value = value
    return plain


def _outside(found: BaseDistribution, value: Value) -> Any:
    return found.choices[int(value or 0)] if isinstance(found, CategoricalDistribution) else value


def _direction(found: optuna.study.StudyDirection) -> Direction:
    return "maximize" if found is optuna.study.StudyDirection.MAXIMIZE else "minimize"
