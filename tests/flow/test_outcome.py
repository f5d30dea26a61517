from __future__ import annotations

import math

from autotune.flow.outcome import enough, median, outcome, violation
from autotune.model.study import Limit, Repeats
from autotune.model.trial import Sample, State, Trial
from autotune.study.load import load


def sample(value, state=State.OK):
    return Sample(state=state, metrics={"p95": value} if state is State.OK else {})


def limit(operator, bound, kind):
    return Limit(text="", metric="p95", operator=operator, bound=bound, kind=kind)


def test_violation_is_the_share_by_which_a_relative_limit_is_missed():
    base = [sample(10.0), sample(10.0)]
    assert math.isclose(violation([limit("<=", 1.1, "relative")], [sample(12.1)], base), 0.1)
    assert violation([limit("<=", 1.1, "relative")], [sample(10.9)], base) == 0.0


def test_violation_of_a_lower_bound_counts_what_is_missing():
    assert math.isclose(violation([limit(">=", 20.0, "absolute")], [sample(15.0)], []), 0.25)


def test_violation_against_a_bound_of_zero_is_the_value_itself():
    assert violation([limit("<=", 0.0, "absolute")], [sample(3.0)], []) == 3.0


def test_one_failed_sample_decides_for_the_trial(desk):
    study = load(desk.folder / "study.yaml", facts={})
    samples = (
        Sample(state=State.OK, metrics={"score": 1.0}),
        Sample(state=State.TIMEOUT, reason="exceeded 5 s"),
    )
    trial = outcome(study, Trial(number=0, config={"x": 1}, origin="random", samples=samples), [])
    assert (trial.state, trial.value, trial.reason) == (State.TIMEOUT, None, "exceeded 5 s")


def test_repeats_stop_at_the_most():
    assert enough(Repeats(least=2, most=2), [sample(1.0), sample(9.0)], "p95")
    assert not enough(Repeats(least=2, most=2), [sample(1.0)], "p95")
    assert not enough(Repeats(), [], "p95")


def test_repeats_stop_when_the_interval_is_narrow_enough():
    repeats = Repeats(least=2, most=9, until=0.03)
    assert enough(repeats, [sample(10.0), sample(10.001)], "p95")
    assert not enough(repeats, [sample(10.0), sample(12.0)], "p95")


def test_two_samples_are_taken_with_the_unbiased_variance():
    """99 and 101: s = sqrt(2) over n - 1, half-width t s / sqrt(2) = 12.706; over n it would be 8.98."""
    samples = [sample(99.0), sample(101.0)]
    assert enough(Repeats(least=2, most=9, until=0.1271), samples, "p95")
    assert not enough(Repeats(least=2, most=9, until=0.1270), samples, "p95")


def test_a_failed_sample_ends_the_repeats():
    assert enough(Repeats(least=5, most=5), [sample(1.0, State.FAILED_CONFIG)], "p95")


def test_median_of_nothing_is_not_a_number():
    assert math.isnan(median([sample(1.0, State.TIMEOUT)], "p95"))
