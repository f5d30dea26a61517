from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autotune.judge.compare import compare
from autotune.judge.grain import grain
from autotune.judge.paired import differences
from autotune.model.verdict import Result

Make = Callable[..., Any]
NAN = float("nan")


def stepped(noisy: Make, step: float, **kind: Any) -> np.ndarray:
    return np.round(noisy(40, **kind) / step) * step


def test_step_is_the_smallest_between_two_values_of_one_arm() -> None:
    arms = np.array([10.0, 30.0, NAN, 10.0]), np.array([15.0, 35.0, 35.0, 15.0])
    assert grain(arms, np.array([5.0, 5.0, 5.0])) == 20.0


def test_noise_wider_than_a_step_blurs_it(noisy: Make) -> None:
    one, other = (stepped(noisy, 1.0, sd=0.05, seed=seed) for seed in (0, 1))
    assert grain((one, other), other - one) == 0.0


@pytest.mark.parametrize("other", [[100.0], [101.0]])
def test_constant_samples_tell_no_step(other: list[float]) -> None:
    arms = np.full(10, 100.0), np.array(other * 10)
    assert grain(arms, arms[1] - arms[0]) == 0.0


def test_failed_samples_tell_no_step() -> None:
    assert grain((np.full(4, NAN), np.full(4, NAN)), np.empty(0)) == 0.0


def test_failures_make_no_step_of_continuous_values(noisy: Make) -> None:
    baseline = noisy(20)
    baseline[:8] = NAN
    assert differences(baseline, noisy(20, seed=1), direction="maximize").grain == 0.0


@pytest.mark.parametrize("count", [2, 3, 4])
def test_few_continuous_values_make_no_step(noisy: Make, count: int) -> None:
    assert differences(noisy(count), noisy(count, seed=1), direction="maximize").grain == 0.0


def test_a_change_that_a_coarse_clock_hides_is_not_called_equivalent(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    baseline, candidate = noisy(40, sd=0.04), noisy(40, centre=102.0, sd=0.04, seed=1)
    ticks = [np.round(arm, -1) for arm in (baseline, candidate)]
    found = compare(make_pairs(*ticks), make_plan())
    assert found.result is Result.UNDECIDED
    assert found.more_pairs is None
    assert any("comes in steps of" in text for text in found.warnings)


def test_a_fine_clock_leaves_equivalent_and_no_warning(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    arms = [stepped(noisy, 0.1, sd=0.01, seed=seed) for seed in (0, 1)]
    found = compare(make_pairs(*arms), make_plan())
    assert found.result is Result.EQUIVALENT
    assert found.warnings == ()


def test_a_step_within_the_margin_leaves_room_for_equivalent(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    arms = [stepped(noisy, 1.0, sd=0.004, seed=seed) for seed in (0, 1)]
    found = compare(make_pairs(*arms), make_plan(margin=0.03))
    assert found.result is Result.EQUIVALENT
    assert any("comes in steps of 1" in text for text in found.warnings)


def test_an_undecided_interval_leaves_room_for_a_step(make_plan: Make, make_pairs: Make, noisy: Make) -> None:
    arms = [stepped(noisy, 10.0, sd=0.07, seed=seed) for seed in (0, 1)]
    found = compare(make_pairs(*arms), make_plan())
    assert found.result is Result.UNDECIDED
    assert found.effect is not None
    assert found.effect.low <= -0.08
    assert found.effect.high >= 0.08


def test_a_step_that_makes_a_small_change_look_large_does_not_hide_the_small_one(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    arms = [
        stepped(noisy, 10.0, centre=centre, sd=0.02, seed=seed)
        for seed, centre in ((0, 103.0), (1, 107.0))  # nearly all samples read 100 and 110
    ]
    found = compare(make_pairs(*arms), make_plan())
    assert found.result is Result.BETTER
    assert found.effect is not None
    assert 0 < found.effect.low < 4 / 103 < found.effect.estimate


def test_a_difference_larger_than_the_steps_is_still_found(
    make_plan: Make, make_pairs: Make, noisy: Make
) -> None:
    arms = stepped(noisy, 10.0, sd=0.05), stepped(noisy, 10.0, centre=130.0, sd=0.05, seed=1)
    found = compare(make_pairs(*arms), make_plan())
    assert found.result is Result.BETTER
    assert found.effect is not None
    assert 0 < found.effect.low < 0.3 < found.effect.high
