"""Samples that are few, odd, missing or wrong: what the verdict still promises."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np
import pytest

from autotune.judge.compare import compare
from autotune.model.verdict import Held, Result

Make = Callable[..., Any]
NAN = float("nan")
MANY = 100_000


@pytest.mark.parametrize("wrong", [NAN, float("inf"), -float("inf")])
def test_a_number_that_is_none_counts_as_a_failed_sample(
    make_plan: Make, make_pairs: Make, noisy: Make, wrong: float
) -> None:
    good = [*noisy(39, centre=150.0, seed=1)]
    found = compare(make_pairs(noisy(40), [*good, wrong]), make_plan())
    assert found == compare(make_pairs(noisy(40), [*good, None]), make_plan())
    assert found.failures_candidate == 1


def test_a_candidate_that_lacks_the_metric_has_failed_and_is_not_left_out(
    make_plan: Make, make_pairs: Make, make_limit: Make
) -> None:
    limit = make_limit("p95 <= 1.05 * baseline")
    pairs = make_pairs([{"tps": 100.0, "p95": 5.0}] * 40, [{"other": 1.0}] * 40)
    found = compare(pairs, make_plan(limits=(limit,)))
    assert (found.result, found.failures_candidate) == (Result.WORSE, 40)
    assert found.limits[0].held is Held.BROKEN


def test_a_metric_that_no_sample_has_is_never_equivalent(make_plan: Make, make_pairs: Make) -> None:
    found = compare(make_pairs([{"other": 1.0}] * 40, [{"other": 1.0}] * 40), make_plan())
    assert (found.result, found.failures_baseline) == (Result.UNDECIDED, 40)


@pytest.mark.parametrize("failed", [11, 20, 40])
def test_a_gain_over_a_baseline_that_often_fails_is_not_called_better(
    make_plan: Make, make_pairs: Make, failed: int
) -> None:
    found = compare(make_pairs([None] * failed + [100] * (40 - failed), [120] * 40), make_plan())
    assert found.result is Result.UNDECIDED
    assert found.failures_baseline == failed


def test_a_failure_of_the_baseline_alone_does_not_hide_a_loss(make_plan: Make, make_pairs: Make) -> None:
    found = compare(make_pairs([100] * 39 + [None], [80] * 40), make_plan())
    assert found.result is Result.WORSE


def test_values_hundreds_of_orders_apart_in_one_arm_are_judged_by_their_ratios(
    make_plan: Make, make_pairs: Make
) -> None:
    baseline = np.logspace(-150, 150, 40)
    found = compare(make_pairs(baseline, baseline * 1.1), make_plan())
    assert found.result is Result.BETTER
    assert found.effect is not None
    assert found.effect.estimate == pytest.approx(0.1)


def test_differences_hundreds_of_orders_apart_stay_finite(make_plan: Make, make_pairs: Make) -> None:
    pairs = make_pairs([0.0, 1e-300, 1e300, -1e300] * 10, [1e-300, -1e300, 0.0, 1e300] * 10)
    found = compare(pairs, make_plan(absolute_margin=1.0))
    assert found.effect is not None
    assert all(isfinite(figure) for figure in (found.effect.estimate, found.effect.low, found.effect.high))


@pytest.mark.parametrize("value", [1e-300, 1e300, -1e300, 5e-324])
def test_equal_samples_of_any_size_are_equivalent(make_plan: Make, make_pairs: Make, value: float) -> None:
    assert compare(make_pairs([value] * 10, [value] * 10), make_plan()).result is Result.EQUIVALENT


@pytest.mark.parametrize(
    ("ratio", "result"), [(1.0, Result.EQUIVALENT), (1.05, Result.BETTER), (0.95, Result.WORSE)]
)
def test_a_hundred_thousand_pairs_are_judged_in_little_memory(
    make_plan: Make, make_pairs: Make, noisy: Make, ratio: float, result: Result
) -> None:
    pairs = make_pairs(noisy(MANY, sd=0.5), noisy(MANY, centre=100 * ratio, sd=0.5, seed=1))
    tracemalloc.start()
    found = compare(pairs, make_plan(pairs=MANY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.result is result
    assert peak < 200 * 2**20


def test_wild_pairs_in_great_number_are_used_up_without_an_answer(make_plan: Make, make_pairs: Make) -> None:
    random = np.random.default_rng(4)
    arms = 10 ** random.uniform(-150, 150, (2, MANY))
    found = compare(make_pairs(*arms), make_plan(pairs=MANY))
    assert found.result is Result.UNDECIDED
    assert all(isfinite(p) for p in asdict(found)["effect"].values())
