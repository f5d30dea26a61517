"""Samplers that fill the space evenly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import scipy  # its parts load when they are used

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import Trial
from autotune.search.draw import generator
from autotune.search.fresh import fresh
from autotune.search.history import History
from autotune.search.options import chosen
from autotune.search.shares import config_at
from autotune.search.untold import Untold

_OPTIONS = {"sequence": ("sobol", "halton", "latin")}
_BLOCK = 64
_BLOCKS = 64
"""A sequence is followed through so many blocks; where all of their points were refused, draws follow."""

_DRAWING = 31


class Qmc:
    """Follows a sequence that leaves no gaps, whatever part of it is taken.

    Option `sequence`: `sobol` (Sobol 1967, scrambled by Owen 1998), `halton` (Halton 1960, scrambled by Owen
    2017), or `latin`, Latin hypercubes (McKay, Beckman, Conover 1979) of as many points as the budget has
    trials. A special value gets as many points as it has draws at random. Learns nothing.
    """

    def __init__(self, problem: Problem, *, options: Mapping[str, Any]) -> None:
        self._sequence = chosen("qmc", options, _OPTIONS)["sequence"]
        self._problem = problem
        self._history = History(problem)
        configs = (config_at(problem.space, row) for row in self._rows())
        self._points = Untold(problem, configs)

    def ask(self, number: int, attempt: int) -> Config | None:
        """The next permitted point that was not told; None where a small space is exhausted."""
        seen = self._history.seen
        point = self._points.nth(self._history.ahead(number) + attempt, seen)
        random = generator(self._problem.seed, number, attempt, _DRAWING)
        return fresh(self._problem, seen, random) if point is None else point

    def tell(self, trial: Trial) -> None:
        """Takes the point out of the sequence, however the trial ended."""
        self._history.take(trial)

    def _rows(self) -> Iterator[np.ndarray[Any, np.dtype[np.float64]]]:
        """Points of the unit cube, block by block."""
        size = len(self._problem.space.parameters)
        random = generator(self._problem.seed, 0, 0, _DRAWING)
        if self._sequence == "latin":
            blocks = self._hypercubes(size, random)
        else:
            qmc = scipy.stats.qmc
            engine = (
                qmc.Sobol(d=size, rng=random) if self._sequence == "sobol" else qmc.Halton(d=size, rng=random)
            )
            blocks = (engine.random(_BLOCK) for _ in range(_BLOCKS))
        return (row for block in blocks for row in block)

    def _hypercubes(self, size: int, random: np.random.Generator) -> Iterator[Any]:
        trials = self._problem.trials or _BLOCK
        for _ in range(_BLOCKS):
            yield scipy.stats.qmc.LatinHypercube(d=size, rng=random).random(trials)
