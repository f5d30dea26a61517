"""What a search was told, configuration by configuration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autotune.model.problem import Problem
from autotune.model.space import Config
from autotune.model.trial import State, Trial
from autotune.search.codes import Codes, Floats, Rows
from autotune.search.history import ANSWERS


@dataclass(frozen=True, slots=True)
class Seen:
    """Every configuration that was measured, once: (n, parameters) rows, and what came of them.

    `values` (n, objectives) are means of the targets, to be minimised, NaN where there is none; `counts` (n,)
    the samples behind them; `worked` (n,) whether it ran and kept every limit at least every other time: what
    fails by chance is not barred for good; `bounds` (n,) whether the value is a bound alone, since every run
    was aborted.
    """

    rows: Rows
    values: Floats
    counts: NDArray[np.int_]
    worked: NDArray[np.bool_]
    bounds: NDArray[np.bool_]

    @property
    def measured(self) -> NDArray[np.int_]:
        """Which of them have values."""
        return np.flatnonzero(~np.isnan(self.values[:, 0]))

    @property
    def share(self) -> float:
        """The share of them that worked."""
        return float(self.worked.mean()) if len(self.worked) else 1.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    place: int
    values: tuple[float, ...] | None
    count: int
    worked: bool
    aborted: bool


class Known:
    """Collects trials, and gives what the first so many of them amount to.

    What the environment failed or somebody interrupted says nothing and is left out, but is not to be
    answered again: `closed` holds the key of every configuration that was told. `configs` are those that said
    something, each once, in the order of `Seen`.
    """

    def __init__(self, problem: Problem, codes: Codes) -> None:
        self._codes = codes
        self._signs = np.array([1.0 if d == "minimize" else -1.0 for d in problem.directions])
        self._rows: list[Floats] = []
        self.configs: list[Config] = []
        self._places: dict[bytes, int] = {}
        self._outcomes: list[_Outcome] = []
        self.closed: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._outcomes)

    def take(self, trial: Trial) -> None:
        """Takes a finished trial; one from outside the space says nothing."""
        row = self._codes.row(trial.config)
        if row is None:
            return
        key = row.tobytes()
        self.closed.add(key)
        if trial.state not in ANSWERS:
            return
        if key not in self._places:
            self._places[key] = len(self._rows)
            self._rows.append(row)
            self.configs.append(trial.config)
        values = self._values(trial)
        worked = values is not None and trial.violation <= 0
        count, aborted = max(1, len(trial.samples)), trial.state is State.ABORTED
        self._outcomes.append(_Outcome(self._places[key], values, count, worked, aborted))

    def _values(self, trial: Trial) -> tuple[float, ...] | None:
        if not trial.state.valued or trial.value is None:
            return None
        values = (trial.value, *trial.further)
        whole = len(values) == len(self._signs) and all(map(math.isfinite, values))
        return tuple(float(s * v) for s, v in zip(self._signs, values, strict=True)) if whole else None

    def seen(self, count: int) -> Seen:
        """What the first `count` outcomes say."""
        outcomes = self._outcomes[:count]
        number = max((o.place for o in outcomes), default=-1) + 1
        raw = np.array([o.values or (math.nan,) * len(self._signs) for o in outcomes])
        targets = _targets(raw.reshape(len(outcomes), len(self._signs)))
        places = np.array([o.place for o in outcomes], dtype=int)
        worked = np.array([o.worked for o in outcomes], dtype=bool)
        aborted = np.array([o.aborted for o in outcomes], dtype=bool)
        runs = np.array([0 if o.values is None else o.count for o in outcomes], dtype=int)

        def summed(of: NDArray[Any]) -> NDArray[Any]:
            return np.bincount(places, of, minlength=number)

        counts = summed(runs).astype(int)
        weighed = np.where(runs[:, None] > 0, runs[:, None] * targets, 0.0)
        sums = np.column_stack([summed(column) for column in weighed.T])
        bounds = summed(~aborted) == 0
        ran, ended = summed(worked), summed(np.ones(len(outcomes)))
        values = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], math.nan)
        rows = np.array(self._rows[:number]).reshape(number, len(self._codes.axes))
        return Seen(rows, values, counts, 2 * ran >= ended, bounds)

    def within(self, count: int) -> tuple[float, int]:
        """Squares summed of repeats about their means in the first target, and how many of them are free.

        Of the first `count` outcomes. A bound is no repeat: it says how long was waited.
        """
        valued = [o for o in self._outcomes[:count] if o.values is not None and not o.aborted]
        raw = np.array([o.values[0] for o in valued if o.values is not None])
        places = np.array([o.place for o in valued], dtype=int)
        if not len(raw):
            return 0.0, 0
        targets = _targets(raw[:, None])[:, 0]
        means = np.bincount(places, targets) / np.maximum(np.bincount(places), 1)
        return float(((targets - means[places]) ** 2).sum()), len(raw) - len(set(places.tolist()))


def _targets(raw: Floats) -> Floats:
    """The logarithm of what is all positive, or all negative (from the other side); else as it is."""
    found = raw.copy()
    for column in range(raw.shape[1]):
        values = raw[:, column]
        known = values[~np.isnan(values)]
        if len(known) and (known > 0).all():
            found[:, column] = np.log(values)
        elif len(known) and (known < 0).all():
            found[:, column] = -np.log(-values)
    return found


def thinned(cost: Floats, most: int) -> NDArray[np.int_]:
    """At most so many indices in order: the half of least cost, and evenly from all others."""
    if len(cost) <= most:
        return np.arange(len(cost))
    order = np.argsort(cost, kind="stable")
    rest = np.sort(order[most // 2 :])
    spread = rest[np.linspace(0, len(rest) - 1, most - most // 2).astype(int)]
    return np.sort(np.concatenate([order[: most // 2], spread]))
