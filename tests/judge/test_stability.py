from __future__ import annotations

import pytest

from autotune.judge.stability import baseline_values, relative_range, trial_values, unstable
from autotune.model.run import Confirmation, PairedSample, RunRecord, Sentinel
from autotune.model.trial import Sample, State, Trial


def sample(value, state=State.OK):
    return Sample(state=state, metrics={"tps": value})


@pytest.mark.parametrize(
    ("values", "expected"),
    [([90.0, 100, 110], 0.2), ([1.0, 2], None), ([-1.0, 0, 1], None), ([-90.0, -100, -110], 0.2)],
)
def test_the_range_is_relative_to_the_mean_and_needs_three(values, expected):
    assert relative_range(values) == (None if expected is None else pytest.approx(expected))


def test_unstable_begins_at_three_tenths():
    assert unstable([85.0, 100, 115])
    assert not unstable([86.0, 100, 114])
    assert not unstable([1.0, 100])


def test_all_good_samples_of_a_configuration_count():
    trial = Trial(number=2, config={"x": 1}, origin="tpe", state=State.OK, samples=(sample(1.0),))
    pairs = [(-1, "candidate", 50.0), (0, "candidate", 3.0), (0, "baseline", 60.0)]
    confirmation = Confirmation(
        attempt=0,
        trial=2,
        config={"x": 1},
        alpha=0.05,
        pairs=8,
        samples=tuple(
            PairedSample(attempt=0, pair=p, arm=arm, order=0, sample=sample(v)) for p, arm, v in pairs
        ),
    )
    record = RunRecord(
        run="r",
        study="s",
        document={},
        host={},
        baseline=(sample(7.0), sample(8.0, State.TIMEOUT)),
        trials=(trial,),
        sentinels=(
            Sentinel(before=8, trial=2, sample=sample(2.0)),
            Sentinel(before=8, trial=-1, sample=sample(9.0)),
        ),
        confirmations=(confirmation,),
    )
    assert trial_values(record, trial, "tps") == [1.0, 2.0, 3.0]
    assert baseline_values(record, "tps") == [7.0, 9.0]
