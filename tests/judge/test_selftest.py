from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from autotune.judge.plan import Plan
from autotune.judge.selftest import SIZES, SelfTest, selftest
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.trial import Sample, State

COINS = [bool(n * 7 % 3 % 2) for n in range(40)]


def of_values(values: Sequence[float], *, failed: Sequence[int] = ()) -> SelfTest | None:
    """80 values of neighbouring samples as they were taken; those of `failed` pairs are lost in one arm."""
    plan = Plan(metric="lat", direction="minimize", margin=0.02, alpha=0.05, pairs=len(values) // 2)
    samples = []
    for place, value in enumerate(values):
        pair, order = divmod(place, 2)
        arm = ARMS[order if COINS[pair] else 1 - order]
        state = State.TIMEOUT if pair in failed and arm == "candidate" else State.OK
        sample = Sample(state=state, metrics={"lat": value} if state is State.OK else {}, monotonic=place)
        samples.append(PairedSample(attempt=0, pair=pair, arm=arm, order=order, sample=sample))
    confirmation = Confirmation(
        attempt=0, trial=-1, config={}, alpha=0.05, pairs=plan.pairs, samples=tuple(samples)
    )
    return selftest(plan, confirmation, seed=1)


def noise(sd: float, seed: int = 4, count: int = 80) -> np.ndarray:
    return 10 * np.exp(np.random.default_rng(seed).normal(0, sd, count))


def test_quiet_machine_shows_small_changes_and_a_noisy_one_large_ones() -> None:
    quiet, noisy = of_values(noise(0.01)), of_values(noise(0.1))
    assert quiet is not None
    assert noisy is not None
    assert quiet.sd == pytest.approx(0.01 * np.sqrt(2), rel=0.3)
    assert quiet.floor < quiet.smallest < 0.02 < noisy.floor < noisy.smallest
    assert quiet.verdict.result == "equivalent"
    assert not noisy.false_alarm
    assert [quiet.needed[size] < noisy.needed[size] for size in SIZES] == [True] * 4
    assert list(noisy.needed.values()) == sorted(noisy.needed.values(), reverse=True)


def test_pairs_that_a_change_needs_are_those_that_show_it() -> None:
    found = of_values(noise(0.05))
    assert found is not None
    sizes = np.log1p(np.array(SIZES[:2]))
    one, two = (found.needed[size] for size in SIZES[:2])
    assert one / two == pytest.approx((sizes[1] / sizes[0]) ** 2, rel=0.02)
    assert 40 * (np.log1p(found.smallest) / sizes[1]) ** 2 == pytest.approx(two, rel=0.02)


def doubled(values: np.ndarray) -> np.ndarray:
    return np.where(np.arange(80) % 8 < 4, values, 2 * values)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda v: v, set()),
        (lambda v: np.where(np.arange(80) % 2, 1.03 * v, v), {"order"}),
        (lambda v: v * np.linspace(1, 1.1, 80), {"drift"}),
        (doubled, {"groups"}),
    ],
)
def test_order_drift_and_groups_are_seen_where_they_are(
    change: Callable[[np.ndarray], np.ndarray], seen: set[str]
) -> None:
    found = of_values(change(noise(0.01)))
    assert found is not None
    doubts = {"order": found.order_matters, "drift": found.level_drift, "groups": found.modes}
    assert {name for name, doubt in doubts.items() if doubt} == seen


def test_constant_samples_have_no_noise_and_no_crash() -> None:
    found = of_values([5.0] * 80)
    assert found is not None
    assert (found.sd, found.floor, found.smallest) == (0, 0, 0)
    assert set(found.needed.values()) == {6}
    assert (found.verdict.result, found.false_alarm) == ("equivalent", False)


def test_values_of_zero_are_told_in_the_metrics_unit() -> None:
    found = of_values(np.round(noise(0.1)) - 10)
    assert found is not None
    assert (found.relative, found.needed) == (False, {})
    assert found.floor > 0


def test_failed_samples_make_no_floor() -> None:
    found, whole = of_values(noise(0.01), failed=[3, 9]), of_values(noise(0.01))
    assert found is not None
    assert whole is not None
    assert found.pairs == 38
    assert found.floor < 2 * whole.floor
    assert of_values(noise(0.01), failed=range(35)) is None
