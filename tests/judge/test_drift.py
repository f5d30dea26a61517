from __future__ import annotations

import numpy as np
import pytest

from autotune.judge.drift import baseline_drift, drift, watched
from autotune.model.run import RunRecord, Sentinel
from autotune.model.trial import Sample, State

AT = [0] * 5 + [8, 16, 24, 32, 40, 48]


def record(first, again, *, trial=-1, state=State.OK):
    samples = [Sample(state=State.OK, metrics={"tps": v}) for v in first]
    later = [Sample(state=state, metrics={"tps": v}) for v in again]
    return RunRecord(
        run="r",
        study="s",
        document={},
        host={},
        baseline=tuple(samples),
        sentinels=tuple(Sentinel(before=8 * (n + 1), trial=trial, sample=s) for n, s in enumerate(later)),
    )


def test_a_steady_fall_is_told_with_its_size():
    found = drift([100.5, 100.2, 100, 99.9, 99.7, 95, 90, 85, 80, 75, 70], AT, "tps")
    assert found.p_value < 1e-6
    assert found.share == pytest.approx(-0.3, abs=0.02)
    assert "tps changed by -30" in found.sentence()
    assert "11 samples" in found.sentence()


def test_noise_alone_is_called_drift_in_one_run_of_a_hundred_at_most():
    random = np.random.default_rng(7)
    runs = 2000
    false = sum(drift(list(random.normal(100, 5, len(AT))), AT, "tps") is not None for _ in range(runs))
    assert false / runs < 0.017, f"seed 7: {false} of {runs}"


@pytest.mark.parametrize("values", [[5.0] * 11, [1.0, 2.0], []])
def test_constant_or_few_values_show_no_drift(values):
    assert drift(values, AT[: len(values)], "tps") is None


def test_values_that_are_not_positive_change_by_a_difference():
    found = drift([-float(n) for n in range(11)], AT, "delta")
    assert found.share is None
    assert found.change < 0
    assert "%" not in found.sentence()


def test_one_sentinel_is_no_course():
    assert baseline_drift(record([6, 5, 4, 3, 2], [1]), "tps") is None


def test_only_good_samples_of_the_baseline_count():
    first, again = [11, 10, 9, 8, 7], [6, 5, 4, 3]
    assert baseline_drift(record(first, again), "tps") is not None
    assert baseline_drift(record(first, again, trial=3), "tps") is None
    assert baseline_drift(record(first, again, state=State.TIMEOUT), "tps") is None


def test_sentinels_are_told_of_where_they_show_no_drift():
    steady = [100, 103, 99, 101, 98]
    told = watched(record(steady, [100.5, 99.5, 102]), "tps")
    assert told.startswith("no drift seen over 3 sentinels")
    few = watched(record(steady, [100.5]), "tps")
    assert few.startswith("drift cannot be told from 1 sentinel (")
    assert watched(record(steady, []), "tps") == ""
    assert "more than chance" in watched(record([100.5, 100.2, 100, 99.9, 99.7], [95, 90, 85, 80]), "tps")
