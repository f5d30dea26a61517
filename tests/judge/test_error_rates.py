"""Error rates by simulation: seeded, so that they are the same on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

from autotune.judge.compare import Pair, compare
from autotune.model.verdict import Held, Result, Verdict

pytestmark = pytest.mark.slow
Make = Callable[..., Any]
Noise = Callable[[np.random.Generator, int], np.ndarray]
PAIRS = 40


def normal(random: np.random.Generator, count: int) -> np.ndarray:
    return random.normal(0, 1, count)


def heavy(random: np.random.Generator, count: int) -> np.ndarray:
    return random.standard_t(3, count)


def drifting(random: np.random.Generator, count: int) -> np.ndarray:
    """AR(1) with coefficient .95 on top of a linear drift of six standard deviations."""
    steps = random.normal(0, sqrt(1 - 0.95**2), count)
    values = np.empty(count)
    level = random.normal()
    for index, step in enumerate(steps):
        level = 0.95 * level + step
        values[index] = level
    return values + np.linspace(0, 6, count)


def coined(random: np.random.Generator, noise: Noise, *, sd: float, effect: float) -> list[Pair]:
    """Pairs of neighbours in one series of runs, each ordered by a coin; a pair's log ratio has `sd`."""
    runs = np.exp(noise(random, 2 * PAIRS).reshape(PAIRS, 2) * sd / sqrt(2)) * 100
    coins = random.integers(2, size=PAIRS).astype(bool)
    return [
        Pair(
            baseline={"tps": float(run[0 if coin else 1])},
            candidate={"tps": float(run[1 if coin else 0]) * (1 + effect)},
            baseline_first=bool(coin),
        )
        for run, coin in zip(runs, coins, strict=True)
    ]


def shares(verdicts: list[Verdict]) -> dict[Result, float]:
    counts = Counter(verdict.result for verdict in verdicts)
    return {result: counts[result] / len(verdicts) for result in Result}


def at_most(nominal: float, count: int) -> float:
    """`nominal` and three standard errors of a share out of `count`."""
    return nominal + 3 * sqrt(nominal * (1 - nominal) / count)


@pytest.mark.parametrize("noise", [normal, heavy, drifting])
def test_the_same_twice_is_rarely_called_different(make_plan: Make, noise: Noise) -> None:
    random, count = np.random.default_rng(20), 1200
    plan = make_plan(margin=0.0)  # nothing but the looks keeps the rate down
    found = shares([compare(coined(random, noise, sd=0.05, effect=0), plan) for _ in range(count)])
    assert found[Result.BETTER] + found[Result.WORSE] <= at_most(0.05, count)


def test_an_effect_at_the_margin_is_rarely_called_equivalent(make_plan: Make) -> None:
    random, count = np.random.default_rng(21), 1200
    pairs = (coined(random, normal, sd=0.03, effect=0.02) for _ in range(count))
    assert shares([compare(x, make_plan()) for x in pairs])[Result.EQUIVALENT] <= at_most(0.05, count)


@pytest.mark.parametrize(
    ("sd", "effect", "least"), [(0.05, 0.05, 0.97), (0.02, 0.03, 0.97), (0.1, 0.05, 0.7)]
)
def test_a_true_gain_is_found(make_plan: Make, sd: float, effect: float, least: float) -> None:
    random = np.random.default_rng(22)
    pairs = (coined(random, normal, sd=sd, effect=effect) for _ in range(300))
    assert shares([compare(x, make_plan()) for x in pairs])[Result.BETTER] >= least


def test_no_effect_with_little_noise_is_equivalent(make_plan: Make) -> None:
    random = np.random.default_rng(23)
    pairs = (coined(random, normal, sd=0.02, effect=0) for _ in range(300))
    assert shares([compare(x, make_plan()) for x in pairs])[Result.EQUIVALENT] >= 0.97


@pytest.mark.parametrize(("text", "effect"), [("tps <= 1.05 * baseline", 0.05), ("tps <= 105", 0.05)])
def test_a_limit_at_its_bound_is_rarely_held_or_broken(
    make_plan: Make, make_limit: Make, text: str, effect: float
) -> None:
    random, count = np.random.default_rng(24), 800
    plan = make_plan(limits=(make_limit(text),))
    pairs = (coined(random, normal, sd=0.05, effect=effect) for _ in range(count))
    held = Counter(compare(x, plan).limits[0].held for x in pairs)
    assert held[Held.HELD] / count <= at_most(0.05, count)
    assert held[Held.BROKEN] / count <= at_most(0.05, count)
