"""Genetic algorithms for one objective or several, by Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import optuna
from optuna.samplers import NSGAIIISampler, NSGAIISampler
from optuna.samplers.nsgaii import PolynomialMutation

from autotune.model.problem import Problem
from autotune.model.space import Config, config_key
from autotune.model.trial import Trial
from autotune.search.draw import generator
from autotune.search.engine import Engine
from autotune.search.fresh import design, fresh
from autotune.search.options import chosen

_BREEDING, _FOUNDING = 41, 42
_SMALLEST, _LARGEST, _USUAL = 8, 50, 20
_GENERATIONS = 6
_FAMILY, _MANY, _CROSSED, _SPREAD = 4, 30, 0.3, 3.0
"""One objective and few trials want few parents, many generations, and children near a single parent: with
33, and nine of ten children crossed, as is usual, 100 trials find little more than random search does."""
_FEW_OBJECTIVES = 3
"""Up to so many NSGA-II's crowding tells solutions apart; beyond, NSGA-III's reference points do."""


def fitted(trials: int | None, objectives: int = 1) -> int:
    """A population for a budget: 30 generations of 4 to 50 for one objective, six of 8 to 50 for several.

    20 where the budget is not known.
    """
    if trials is None:
        return _USUAL
    least, generations = (_FAMILY, _MANY) if objectives == 1 else (_SMALLEST, _GENERATIONS)
    return max(least, min(_LARGEST, trials // generations))


class Genetic:
    """Crosses and mutates the fittest of each generation.

    NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002) for up to three objectives, NSGA-III (Deb, Jain 2014) for
    more, both by Optuna, with constrained domination: what failed loses to all that did not, what missed a
    limit to all that kept it. The first generation is a Latin hypercube. For one objective three of ten
    children are crossed, the others are one parent's, and numbers mutate to near ones.

    Option `population`: a generation's size, by default a sixth of the budget, within 8 and 50; for one
    objective a thirtieth, within 4 and 50.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        usual = fitted(problem.trials, len(problem.directions))
        self._size = max(2, chosen("genetic", options, {"population": usual})["population"])
        self._problem = problem
        self._founders = [(config_key(c), c) for c in design(problem, self._size, purpose=_FOUNDING)]
        self._seen: set[str] = set()
        self._next = 0
        self._kind = NSGAIISampler if len(problem.directions) <= _FEW_OBJECTIVES else NSGAIIISampler
        self._engine = Engine(problem, self._sampler)

    def ask(self, number: int, attempt: int) -> Config | None:
        """A founder that was not told, later a child of the last generation's fittest."""
        if self._engine.answers >= self._size:
            return self._engine.ask(generator(self._problem.seed, number, attempt, _BREEDING))
        left = [config for key, config in self._founders if key not in self._seen]
        index = max(0, number - self._next) + attempt
        random = generator(self._problem.seed, number, attempt, _FOUNDING)
        return left[index] if index < len(left) else fresh(self._problem, self._seen, random)

    def tell(self, trial: Trial) -> None:
        """Puts the outcome into the generation under way; a full one chooses its parents at once.

        Optuna keeps with each trial which generation it is of, and with the study who was chosen. Both rest
        on what was told alone here, not on when somebody asked.
        """
        self._next = max(self._next, trial.number + 1)
        self._seen.add(config_key(trial.config))
        # Values of inactive parameters are inherited too: those that a child born now would have.
        random = generator(self._problem.seed, max(0, trial.number), 0, _BREEDING)
        unborn = self._engine.asked(random) if self._engine.answers >= self._size else None
        notes = {f"{self._kind.__name__}:generation": self._engine.answers // self._size}
        told = self._engine.tell(trial, params=unborn.params if unborn else None, notes=notes)
        if told and self._engine.answers % self._size == 0:
            self._engine.asked(generator(self._problem.seed, trial.number + 1, 0, _BREEDING))

    def _sampler(self, seed: int) -> optuna.samplers.BaseSampler:
        if len(self._problem.directions) > 1:
            return self._kind(population_size=self._size, seed=seed)
        near = PolynomialMutation(_SPREAD)
        return NSGAIISampler(population_size=self._size, mutation=near, crossover_prob=_CROSSED, seed=seed)
