"""What a measurement is worth, against plain integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from autotune.search.acquisition import knowledge_gradient, log_feasible, log_improvement


@pytest.mark.parametrize("z", [-30.0, -8.0, -6.01, -5.99, -1.0, 0.0, 2.5])
@pytest.mark.parametrize("deviation", [0.3, 4.0])
def test_expected_improvement_is_the_integral(z: float, deviation: float) -> None:
    mean, best = 0.7, 0.7 + z * deviation

    found = log_improvement(np.array([mean]), np.array([deviation**2]), best)[0]

    # The density is taken out at its largest value: in the far tail it is smaller than any number.
    top = min(z, 0.0)
    whole = quad(lambda t: (z - t) * np.exp((top**2 - t**2) / 2), min(z, -1) - 12, z, limit=200)[0]
    assert found == pytest.approx(np.log(deviation * whole / np.sqrt(2 * np.pi)) - top**2 / 2, abs=1e-4)


def test_expected_improvement_falls_all_the_way() -> None:
    worth = log_improvement(np.linspace(200, -5, 400), np.ones(400), 0.0)
    assert np.isfinite(worth).all()
    assert (np.diff(worth) > 0).all()


def test_what_nothing_is_known_of_works_as_often_as_all_others() -> None:
    often, seldom = (np.exp(log_feasible(np.zeros(1), np.full(1, 0.5), share))[0] for share in (0.9, 0.1))
    assert seldom < 0.2
    assert often > 0.8


def test_knowledge_gradient_is_what_one_more_run_is_expected_to_gain() -> None:
    random = np.random.default_rng(1)
    mean, deviation = np.array([0.0, 0.1, 0.4]), np.array([0.1, 0.3, 0.3])
    noise = np.full(3, 0.04)

    found = knowledge_gradient(mean, np.diag(deviation**2), noise)

    for j in range(3):
        step = deviation[j] ** 2 / np.sqrt(deviation[j] ** 2 + noise[j]) * random.standard_normal(200_000)
        after = np.minimum(mean[j] + step, np.delete(mean, j).min())
        assert found[j] == pytest.approx(mean.min() - after.mean(), abs=2e-3)


def test_a_run_of_what_cannot_be_the_best_gains_nothing() -> None:
    gain = knowledge_gradient(np.array([0.0, 9.0]), np.diag([0.04, 0.04]), np.full(2, 0.01))
    assert gain[1] == pytest.approx(0, abs=1e-9)
