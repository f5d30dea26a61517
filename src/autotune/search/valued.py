"""Trials as rows, values and ranks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autotune.model.problem import Problem
from autotune.model.trial import State, Trial
from autotune.search.codes import Codes, Rows


def value_of(trial: Trial, objective: int) -> float | None:
    """The trial's value of the objective at this place; None where it has none."""
    if trial.state is not State.OK or trial.value is None:
        return None
    values = (trial.value, *trial.further)
    found = values[objective] if objective < len(values) else math.nan
    return found if math.isfinite(found) else None


def evenly(trials: Sequence[Trial], most: int) -> list[Trial]:
    """At most so many of the trials, evenly from the first to the last."""
    if len(trials) <= most:
        return list(trials)
    return [trials[i] for i in np.linspace(0, len(trials) - 1, most).astype(int)]


def rows_of(codes: Codes, trials: Sequence[Trial]) -> Rows:
    """(n, parameters): the codes of trials that are all inside the space."""
    return np.array([codes.row(trial.config) for trial in trials]).reshape(len(trials), len(codes.axes))


def ranks_of(problem: Problem, trials: Sequence[Trial], objective: int) -> NDArray[np.int_]:
    """(n,) places of the trials from the best, 0, to the worst: by limits, by value, then what failed."""
    sign = 1.0 if problem.directions[objective] == "minimize" else -1.0

    def worth(trial: Trial) -> tuple[float, float]:
        value = value_of(trial, objective)
        return (math.inf, 0.0) if value is None else (max(0.0, trial.violation), sign * value)

    order = sorted(range(len(trials)), key=lambda i: (*worth(trials[i]), i))
    found = np.empty(len(trials), dtype=int)
    found[order] = np.arange(len(trials))
    return found
