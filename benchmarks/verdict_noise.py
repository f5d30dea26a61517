"""Twelve series of noise that successive runs may have, each scaled to the same spread of a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from autotune.judge.plan import Pair

Floats: TypeAlias = NDArray[np.float64]
Draw: TypeAlias = Callable[[np.random.Generator, int, int], Floats]
"""From (random, count, runs): (count, runs) logarithms of durations, each row a series in time."""

METRIC = "seconds"
_MIDDLE = 0.1
"""Seconds that a run takes without noise."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A kind of noise; a clock rounds durations to `step` standard deviations of a pair."""

    draw: Draw
    step: float = 0.0


def normal(random: np.random.Generator, count: int, runs: int) -> Floats:
    """Independent and normal."""
    return random.normal(size=(count, runs))


def heavy(random: np.random.Generator, count: int, runs: int) -> Floats:
    """Independent, Student's t with 3 degrees of freedom: now and then a run far off, either way."""
    return random.standard_t(3, (count, runs))


def skewed(random: np.random.Generator, count: int, runs: int) -> Floats:
    """Independent, lognormal: most runs near the fastest, a long tail of slow ones."""
    return random.lognormal(0, 1, (count, runs))


def bimodal(random: np.random.Generator, count: int, runs: int) -> Floats:
    """Independent: three in ten runs are five standard deviations slower than the others."""
    return random.normal(size=(count, runs)) + 5 * (random.random((count, runs)) < 0.3)


def autocorrelated(random: np.random.Generator, count: int, runs: int, *, memory: float) -> Floats:
    """AR(1): each run keeps the share `memory` of the last one's deviation."""
    steps = random.normal(size=(count, runs)) * sqrt(1 - memory**2)
    steps[:, 0] = random.normal(size=count)
    return np.asarray(lfilter([1.0], [1.0, -memory], steps, axis=1))


def bursty(random: np.random.Generator, count: int, runs: int) -> Floats:
    """A neighbour comes in one of 20 runs and stays for ten: each of these is 1 to 6 sd slower."""
    busy = np.zeros((count, runs), dtype=bool)
    now = random.random(count) < 1 / 3
    for run in range(runs):
        now = np.where(now, random.random(count) >= 0.1, random.random(count) < 0.05)
        busy[:, run] = now
    return random.normal(size=(count, runs)) + np.where(busy, random.uniform(1, 6, busy.shape), 0.0)


def drifting(random: np.random.Generator, count: int, runs: int) -> Floats:
    """Independent and normal on a line that rises by six standard deviations over the comparison."""
    return random.normal(size=(count, runs)) + np.linspace(0, 6, runs)


NOISES: dict[str, Noise] = {
    "normal": Noise(normal),
    "t3": Noise(heavy),
    "lognormal": Noise(skewed),
    "bimodal": Noise(bimodal),
    "quantised, fine": Noise(normal, step=0.25),
    "quantised, coarse": Noise(normal, step=1.0),
    "autocorrelated 0.3": Noise(partial(autocorrelated, memory=0.3)),
    "autocorrelated 0.7": Noise(partial(autocorrelated, memory=0.7)),
    "autocorrelated 0.95": Noise(partial(autocorrelated, memory=0.95)),
    "bursty": Noise(bursty),
    "drifting": Noise(drifting),
    "quantised, blind": Noise(normal, step=3.0),
}


@lru_cache(maxsize=len(NOISES))
def spread(name: str) -> float:
    """Standard deviation of the difference between the runs of a pair, as `draw` gives them."""
    values = NOISES[name].draw(np.random.default_rng(0), 20_000, 80)
    return float(np.std(values[:, 1::2] - values[:, ::2]))


def comparison(name: str, random: np.random.Generator, *, pairs: int, sd: float, ratio: float) -> list[Pair]:
    """Pairs of neighbours in one series of runs, ordered by coins; the candidate takes `ratio` times as long.

    `sd` is the standard deviation of a pair's log ratio.
    """
    noise = NOISES[name]
    logs = noise.draw(random, 1, 2 * pairs)[0] * (sd / spread(name))
    coins = random.integers(2, size=pairs).astype(bool)
    of_candidate = np.stack([~coins, coins], axis=1).ravel()
    seconds = _MIDDLE * np.exp(logs) * np.where(of_candidate, ratio, 1.0)
    if noise.step:
        step = noise.step * sd * _MIDDLE
        seconds *= 1 + random.uniform(0, noise.step * sd)  # anywhere between two ticks
        seconds = np.maximum(np.rint(seconds / step), 1) * step
    return paired(seconds.reshape(pairs, 2), coins)


def standard_error(hits: int, count: int) -> float:
    """Of the share `hits` / `count`, with two hits and two misses more (Agresti and Coull 1998): never 0."""
    share = (hits + 2) / (count + 4)
    return sqrt(share * (1 - share) / (count + 4))


def paired(seconds: Floats, coins: NDArray[np.bool_]) -> list[Pair]:
    """Pairs from (n, 2) durations in the order of their runs; a true coin had the baseline run first."""
    return [
        Pair(
            baseline={METRIC: float(run[0 if coin else 1])},
            candidate={METRIC: float(run[1 if coin else 0])},
            baseline_first=bool(coin),
        )
        for run, coin in zip(seconds, coins, strict=True)
    ]
