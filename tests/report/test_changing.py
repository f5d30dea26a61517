from __future__ import annotations

from dataclasses import replace

from autotune.model.run import RunRecord, Sentinel
from autotune.model.trial import Resource, Sample, State, Trial
from autotune.report.changing import coerced_data, coerced_told, seconds, seconds_told, spent

SAMPLE = Sample(state=State.OK, total_s=3.0, changing_s=0.5, coerced={"pipe": (300_000, 524_288)})


def record(sample: Sample) -> RunRecord:
    trial = Trial(number=0, config={"pipe": 300_000}, origin="random", samples=(sample,))
    sentinel = Sentinel(before=0, trial=-1, sample=sample)
    return RunRecord(
        run="r", study="s", document={}, host={}, baseline=(sample,), trials=(trial,), sentinels=(sentinel,)
    )


def test_seconds_of_every_sample_count_as_changing_or_measuring() -> None:
    assert seconds(record(SAMPLE)) == (1.5, 7.5)
    assert seconds_told(record(SAMPLE)) == "changing the machine took 1.5 s, measuring 7.5 s"


def test_a_run_that_changes_nothing_of_the_machine_says_nothing_of_it() -> None:
    assert seconds_told(record(replace(SAMPLE, changing_s=0.0))) == ""


def test_a_trial_is_coerced_where_one_of_its_samples_is() -> None:
    (trial,) = record(SAMPLE).trials
    assert coerced_told(trial.coerced) == "coerced: pipe 300000 became 524288"
    assert coerced_data(trial.coerced) == {"pipe": {"asked": 300_000, "effective": 524_288}}
    assert coerced_told({}) == ""


def test_seconds_of_restarts_and_resets_are_told_where_a_driver_tells_them() -> None:
    resources = tuple(
        Resource(name=name, value=value, unit="s", source="clock", quality="exact")
        for name, value in (("service_restart_s", 0.4), ("reset_s", 0.2), ("reset_s", None))
    )
    assert spent(record(replace(SAMPLE, resources=resources))) == {
        "changing": 1.5,
        "measuring": 7.5,
        "restarting": 0.4 * 3,
        "resetting": 0.2 * 3,
    }
    assert spent(record(SAMPLE))["restarting"] == 0
