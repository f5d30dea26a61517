"""What a search believes of configurations that it has not measured: their value, and whether they work."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from autotune.model.problem import Problem
from autotune.model.trial import Trial
from autotune.search.acquisition import knowledge_gradient, log_feasible, log_improvement
from autotune.search.codes import Codes, Floats, Rows
from autotune.search.draw import generator
from autotune.search.earlier import Earlier
from autotune.search.exclusions import Exclusions
from autotune.search.known import Known, Seen, thinned
from autotune.search.process import Process, Scales, fitted, one_thread

_FIRST, _EVERY, _SLOWER = 5, 8, 12
"""Scales are fitted after 5 outcomes, then after every 8, or every 12th part of them where these are more."""

_OFTEN = 2
"""With an earlier study after every 2: whether it misleads is to be seen at once."""

_FITTED, _USED = 250, 400
"""So many configurations at most are fitted to, and predicted from: a fit costs their cube."""

_TOLD = 1_000
"""So many of the last configurations tell what excludes each other."""

_NOISELESS = 1e-3
_BASELINE_FREE = 4
_SURE = 0.9
"""The noise is the lower end of an interval of this level: five repeats tell it only roughly."""

_WEIGHTS = 3  # a purpose of randomness


@dataclass(frozen=True, slots=True)
class View:
    """What is believed at one moment, on the scale of the standardised target, which is minimised."""

    codes: Codes
    seen: Seen
    value: Process
    used: NDArray[np.int_]
    works: Process | None
    excluded: Exclusions | None
    works_share: float
    """Of all configurations that the process of working was told of, the share that worked."""
    features: Callable[[Rows], Floats]
    """(m, columns) of (m, parameters) rows, as both processes know them."""
    means: Floats
    """(measured,): the believed value of each measured configuration, in the order of `seen.measured`."""
    run_variance: float

    @property
    def incumbents(self) -> NDArray[np.int_]:
        """Places in `seen` of what was measured and worked, the best first."""
        measured = self.seen.measured
        order = measured[np.argsort(self.means, kind="stable")]
        return order[self.seen.worked[order]]

    @property
    def finished(self) -> NDArray[np.int_]:
        """The incumbents without those of which no more than a bound is known."""
        return self.incumbents[~self.seen.bounds[self.incumbents]]

    @property
    def best(self) -> float:
        """The believed value of the best that worked; of the best that did not where none did."""
        good = self.seen.worked[self.seen.measured]
        return float(self.means[good].min() if good.any() else self.means.min())

    def worth(self, rows: Rows) -> Floats:
        """Logarithm of expected improvement times the probability that it works, of (m, parameters) rows."""
        features = self.features(rows)
        mean, variance = self.value.at(features)
        return log_improvement(mean, variance, self.best) + self._log_works(rows, features)

    def again(self, most: int) -> NDArray[np.int_]:
        """Places in `seen` of the best `most` that finished, those first of which one more run tells most.

        By how much lower the least of their believed values is expected to be after it.
        """
        places = self.finished[:most]
        where = {place: index for index, place in enumerate(self.seen.measured[self.used].tolist())}
        places = places[[place in where for place in places.tolist()]]
        mean, covariance = self.value.seen(np.array([where[place] for place in places.tolist()], dtype=int))
        gain = knowledge_gradient(mean, covariance, np.full(len(places), self.run_variance))
        return places[np.argsort(-gain, kind="stable")]

    def drawn(self, rows: Rows, random: np.random.Generator) -> Floats:
        """One value of each row, drawn from what is believed of it by itself."""
        mean, variance = self.value.at(self.features(rows))
        return mean + np.sqrt(variance) * random.standard_normal(len(rows))

    def log_works(self, rows: Rows) -> Floats:
        """Logarithm of the probability that a row works, and that nothing in it excludes each other.

        Two experts that see different things, what is near and what is in common: their product is surer
        than either (Hinton 2002).
        """
        return self._log_works(rows, self.features(rows))

    def _log_works(self, rows: Rows, features: Floats) -> Floats:
        found = np.zeros(len(rows))
        if self.works is not None:
            found += log_feasible(*self.works.at(features), self.works_share)
        if self.excluded is not None:
            found += self.excluded.log_works(rows)
        return found


def _upper(free: float) -> float:
    """What chi-squared of so many degrees of freedom stays below with the certainty `_SURE`."""
    return 2 * float(gammaincinv(free / 2, _SURE))


class Belief:
    """Learns from trials. What it believes rests on what it was told, in which order, and on nothing else."""

    def __init__(self, problem: Problem, codes: Codes) -> None:
        self.known = Known(problem, codes)
        self.earlier = Earlier(problem, codes)
        self._problem, self._codes = problem, codes
        expected = Scales.expected(int(self.earlier.group.max()) + 1)
        self._scales = {"value": expected, "works": expected}
        self._fitted = 0
        self._last: tuple[tuple[int, int], View | None] = ((-1, -1), None)

    def tell(self, trial: Trial) -> None:
        """Takes a finished trial."""
        self.known.take(trial)

    @property
    def noise(self) -> float:
        """Standard deviation of one measurement as a share of its value; 0 where it is none to speak of."""
        return self._noise(len(self.known))

    def _noise(self, count: int) -> float:
        """What the baseline's repeats, taken as five, and those among the first `count` outcomes surely show.

        The lower end of a one-sided 90 % interval (chi-squared): taking noise for an effect costs the search
        little, taking effects for noise costs it much.
        """
        before = self._problem.noise or 0.0
        if before < _NOISELESS:
            return 0.0
        squares, free = self.known.within(count)
        free += _BASELINE_FREE
        return math.sqrt((_BASELINE_FREE * before**2 + squares) / _upper(free))

    @one_thread
    def view(self, number: int) -> View | None:
        """What is believed at trial `number`; None before anything was measured.

        Where there are several objectives, the number draws how much each counts.
        """
        count = len(self.known)
        if self._last[0] != (number, count):
            self._last = (number, count), self._view(number, count)
        return self._last[1]

    def _view(self, number: int, count: int) -> View | None:
        seen = self.known.seen(count)
        if not len(seen.measured):
            return None
        self._fit()
        target = self._target(seen, count, number)
        used = thinned(target.values, _USED)
        value = self._process("value", target.features[used], target.values[used], target.noise[used])
        own = used[used < len(seen.measured)]
        means = target.values[: len(seen.measured)].copy()
        if target.run_variance:
            means[own] = value.seen(np.arange(len(own)))[0]
        labels = self._labels(seen)
        return View(
            codes=self._codes,
            seen=seen,
            value=value,
            used=own,
            works=self._works(labels),
            excluded=None
            if seen.share == 1
            else Exclusions(self._codes, seen.rows[-_TOLD:], seen.worked[-_TOLD:]),
            works_share=labels.share,
            features=lambda rows: self.earlier.features(rows, rows[:0]),
            means=means,
            run_variance=target.run_variance,
        )

    def _target(self, seen: Seen, count: int, number: int) -> _Target:
        random = generator(self._problem.seed, number, 0, _WEIGHTS)
        weights = random.dirichlet(np.ones(len(self._problem.directions)))
        return _Target(seen, self.earlier, weights, self._noise(count))

    def _labels(self, seen: Seen) -> _Labels:
        then = self.earlier.seen
        worked = np.concatenate([seen.worked, then.worked])
        return _Labels(self.earlier.features(seen.rows, then.rows), np.where(worked, 1.0, -1.0))

    def _works(self, labels: _Labels) -> Process | None:
        if labels.share == 1:
            return None
        used = thinned(-labels.values, _USED)
        return self._process("works", labels.features[used], labels.values[used], np.zeros(len(used)))

    def _process(self, what: str, features: Floats, values: Floats, noise: Floats) -> Process:
        return Process(features, self.earlier.group, values, noise, self._scales[what])

    def _fit(self) -> None:
        """Fits the scales at each moment that is due, from what was known then, one after the other."""
        while (due := self._next_fit()) <= len(self.known):
            seen = self.known.seen(due)
            if len(seen.measured) > 1:
                target = self._target(seen, due, due)
                chosen = thinned(target.values, _FITTED)
                self._fit_one("value", target.features[chosen], target.values[chosen], target.noise[chosen])
            labels = self._labels(seen)
            if labels.share < 1:
                chosen = thinned(-labels.values, _FITTED)
                self._fit_one("works", labels.features[chosen], labels.values[chosen], np.zeros(len(chosen)))
            self._fitted = due

    def _next_fit(self) -> int:
        first, every = (_OFTEN, _OFTEN) if self.earlier else (_FIRST, _EVERY)
        return self._fitted + max(every, self._fitted // _SLOWER) if self._fitted else first

    def _fit_one(self, what: str, features: Floats, values: Floats, noise: Floats) -> None:
        self._scales[what] = fitted(features, self.earlier.group, values, noise, self._scales[what])


class _Target:
    """The measured values as one standardised target, and the variance of each."""

    def __init__(self, seen: Seen, earlier: Earlier, weights: Floats, noise: float) -> None:
        rows, raw = seen.rows[seen.measured], seen.values[seen.measured]
        now = raw[:, 0] if len(weights) == 1 else _scalarised(raw, weights)
        then = earlier.values(rows, now)
        one = np.concatenate([now, then])
        self.features = earlier.features(rows, earlier.rows)
        self.spread = float(one.std()) or 1.0
        self.values = (one - one.mean()) / self.spread
        self.run_variance = (noise / self.spread) ** 2
        self.noise = self.run_variance / np.concatenate([seen.counts[seen.measured], earlier.counts])


class _Labels:
    """+1 for what worked and -1 for what did not, less their mean."""

    def __init__(self, features: Floats, worked: Floats) -> None:
        self.features = features
        self.share = float((worked > 0).mean()) if len(worked) else 1.0
        self.values = worked - (2 * self.share - 1)


def _scalarised(raw: Floats, weights: Floats) -> Floats:
    """(n,): the augmented weighted Tchebycheff distance from the best of each objective (Knowles 2006)."""
    low, high = raw.min(axis=0), raw.max(axis=0)
    weighed = weights * (raw - low) / np.where(high > low, high - low, 1.0)
    return np.asarray(weighed.max(axis=1) + 0.05 * weighed.sum(axis=1))
