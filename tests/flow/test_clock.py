"""What the validation's time is counted in."""

from __future__ import annotations

from autotune.flow.clock import sample_s
from autotune.model.run import RunRecord
from autotune.model.trial import Sample, State, Trial


def _record(baseline: list[float], trials: list[float]) -> RunRecord:
    def sample(seconds: float) -> Sample:
        return Sample(state=State.OK, total_s=seconds)

    return RunRecord(
        run="now",
        study="demo",
        document={},
        host={},
        baseline=tuple(map(sample, baseline)),
        trials=tuple(
            Trial(number=n, config={}, origin="random", samples=(sample(seconds),))
            for n, seconds in enumerate(trials)
        ),
    )


def test_samples_that_restart_a_service_are_what_the_validation_counts_in():
    assert sample_s(_record([2.2, 2.1, 2.2], [2.4, 2.5, 2.4])) == 2.4


def test_a_search_of_failures_that_end_at_once_does_not_make_samples_look_cheap():
    assert sample_s(_record([2.2, 2.1, 2.2], [0.1, 0.1, 0.1])) == 2.2


def test_before_the_first_trial_the_baseline_tells():
    assert sample_s(_record([3.0, 1.0], [])) == 2.0
