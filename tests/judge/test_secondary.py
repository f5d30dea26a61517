"""Claims beside the objective: few wrong ones, however many are looked at."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from autotune.judge.secondary import beyond_chance
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.trial import Resource, Sample, State


def sample(metrics, resources=()):
    found = tuple(
        Resource(name=f"r{n}", value=None if v is None else float(v), unit="", source="", quality="exact")
        for n, v in enumerate(resources)
    )
    return Sample(state=State.OK, metrics=metrics, resources=found)


def confirmation(baseline, candidate, *, broken=()):
    samples = [
        PairedSample(
            attempt=0,
            pair=pair,
            arm=arm,
            order=order,
            sample=Sample(state=State.TIMEOUT) if (pair, arm) in broken else one,
        )
        for pair, both in enumerate(zip(baseline, candidate, strict=True))
        for order, (arm, one) in enumerate(zip(ARMS, both, strict=True))
    ]
    return Confirmation(
        attempt=0, trial=0, config={}, alpha=0.05, pairs=len(baseline), samples=tuple(samples)
    )


def test_a_metric_that_differs_in_every_pair_is_shown_and_one_that_does_not_is_not():
    base = [sample({"p95": 10 + n, "size": 5}) for n in range(10)]
    tuned = [sample({"p95": 8 + n, "size": 5}) for n in range(10)]
    assert beyond_chance(confirmation(base, tuned), ["p95", "size"]) == {"p95"}


def test_many_rows_need_more_pairs():
    def arms(pairs):
        rows = range(60)
        noise = np.random.default_rng(1)
        base = [sample({}, [1.0, *noise.normal(5, 1, len(rows))]) for _ in range(pairs)]
        tuned = [sample({}, [1.1, *noise.normal(5, 1, len(rows))]) for _ in range(pairs)]
        return confirmation(base, tuned)

    assert beyond_chance(arms(10), []) == frozenset()
    assert beyond_chance(arms(40), []) == {"r0"}


def test_metrics_and_resources_are_families_of_their_own():
    noise = np.random.default_rng(2)
    base = [sample({"p95": 10.0}, noise.normal(5, 1, 60)) for _ in range(10)]
    tuned = [sample({"p95": 9.0}, noise.normal(5, 1, 60)) for _ in range(10)]
    assert beyond_chance(confirmation(base, tuned), ["p95"]) == {"p95"}


def test_failed_pairs_and_unavailable_resources_say_nothing():
    base = [sample({"p95": 10}, [1, None]) for _ in range(8)]
    tuned = [sample({"p95": 9}, [2, None]) for _ in range(8)]
    broken = [(n, "candidate") for n in range(3)]
    assert beyond_chance(confirmation(base, tuned), ["p95"]) == {"p95", "r0"}
    assert beyond_chance(confirmation(base, tuned, broken=broken), ["p95"]) == frozenset()
    assert beyond_chance(confirmation([], []), ["p95"]) == frozenset()


@pytest.mark.slow
def test_of_equal_arms_one_comparison_in_twenty_shows_anything():
    random, count, wrong = np.random.default_rng(3), 600, 0
    for _ in range(count):
        draws = random.lognormal(0, 0.2, (2, 20, 8))
        base, tuned = ([sample({}, row) for row in arm] for arm in draws)
        wrong += bool(beyond_chance(confirmation(base, tuned), []))
    assert wrong / count <= 0.05 + 3 * sqrt(0.05 * 0.95 / count)
