"""A Gaussian process that is exact where it is told so, unsure far away, and learns what matters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import multivariate_normal

from autotune.search.process import Process, Scales, _apart, _likelihood, fitted

GROUP = np.array([0, 1, 1, 2])


@pytest.fixture
def told() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    features = random.random((25, 4))
    return features, np.sin(6 * features[:, 0]) + 0.01 * random.standard_normal(25)


def test_the_slope_of_the_likelihood_is_its_slope(told) -> None:
    features, values = told
    apart, noise = _apart(features, GROUP), np.full(25, 0.01)
    at = np.log([0.5, 0.8, 1.2, 1.1, 0.05])

    slope = _likelihood(Scales.unpacked(at), apart, values, noise)[1]

    near = approx_fprime(at, lambda logs: _likelihood(Scales.unpacked(logs), apart, values, noise)[0], 1e-6)
    assert slope == pytest.approx(near, rel=1e-3, abs=1e-3)


def test_the_likelihood_is_that_of_a_normal_distribution(told) -> None:
    features, values = told
    scales, noise = Scales(np.array([0.5, 0.8, 1.2]), 1.3, 0.1), np.linspace(0.01, 0.1, 25)
    process = Process(features, GROUP, values, noise, scales)
    inverse = 1 / scales.lengths[GROUP]
    covariance = process._smooth(features * inverse, features * inverse)
    covariance += np.diag(scales.amplitude * scales.effect + noise)

    found = _likelihood(scales, _apart(features, GROUP), values, noise)[0]

    exact = multivariate_normal(np.zeros(25), covariance).logpdf(values)
    assert found == pytest.approx(exact + 25 / 2 * np.log(2 * np.pi), abs=1e-4)


def test_what_does_not_matter_gets_a_long_scale(told) -> None:
    features, values = told
    scales = fitted(features, GROUP, values, np.zeros(25), Scales.expected(3))
    assert scales.lengths[0] < min(scales.lengths[1:])


def test_exact_values_are_believed_and_noisy_ones_are_drawn_to_their_neighbours(told) -> None:
    features, values = told
    scales = fitted(features, GROUP, values, np.zeros(25), Scales.expected(3))
    every = np.arange(25)

    exact = Process(features, GROUP, values, np.zeros(25), scales).seen(every)
    noisy = Process(features, GROUP, values, np.full(25, 0.5), scales).seen(every)

    assert exact[0] == pytest.approx(values, abs=1e-3)
    assert np.abs(noisy[0] - values).mean() > 0.02
    assert (np.diag(noisy[1]) > np.diag(exact[1])).all()


def test_far_from_everything_nothing_is_known_of_the_smooth_part(told) -> None:
    features, values = told
    scales = Scales(np.full(3, 0.1), 2.0, 0.1)
    mean, variance = Process(features, GROUP, values, np.zeros(25), scales).at(np.full((1, 4), 50.0))
    assert mean == pytest.approx(0, abs=1e-6)
    assert variance == pytest.approx(2)
