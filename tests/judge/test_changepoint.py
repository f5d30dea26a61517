"""Change points: found where they are, and not in noise."""

from __future__ import annotations

import numpy as np
import pytest

from autotune.judge.changepoint import change_points


def series(*parts: tuple[int, float], sd: float = 0.02, seed: int = 0) -> np.ndarray:
    """Stretches of so many results around a level, with log-normal noise."""
    random = np.random.default_rng(seed)
    return np.concatenate([level * np.exp(random.normal(0, sd, count)) for count, level in parts])


def test_a_step_is_found_with_its_size() -> None:
    (point,) = change_points(series((30, 1.0), (20, 1.1)))
    assert abs(point.at - 30) <= 1
    assert point.low < 1.1 < point.high
    assert point.ratio == pytest.approx(1.1, abs=0.02)


def test_a_change_that_was_taken_back_is_two() -> None:
    found = change_points(series((20, 1.0), (12, 1.2), (20, 1.0)))
    assert [abs(point.at - at) <= 1 for point, at in zip(found, (20, 32), strict=True)] == [True, True]
    assert found[0].ratio > 1 > found[1].ratio


def test_a_single_outlier_is_no_change() -> None:
    values = series((40, 1.0))
    values[20] = 3.0
    assert change_points(values) == ()


@pytest.mark.slow
def test_noise_alone_is_hardly_ever_a_change() -> None:
    false = sum(bool(change_points(series((30, 1.0), seed=seed), seed=seed)) for seed in range(400))
    assert false <= 400 * (0.01 + 2 * 0.005)


@pytest.mark.slow
def test_a_change_of_five_percent_in_noise_of_three_is_mostly_found() -> None:
    found = sum(bool(change_points(series((30, 1.0), (15, 1.05), sd=0.03, seed=seed))) for seed in range(50))
    assert found >= 45


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_results_say_nothing(count: int) -> None:
    assert change_points(series((count, 1.0))) == ()


def test_equal_results_are_no_change() -> None:
    assert change_points(np.ones(30)) == ()


def test_the_same_series_gives_the_same_answer() -> None:
    values = series((20, 1.0), (20, 1.05))
    assert change_points(values) == change_points(values)
