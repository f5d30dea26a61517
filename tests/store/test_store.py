from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotune.core.errors import StorageError, UsageError
from autotune.model.run import Confirmation, Contest, Entrant, PairedSample, PhaseTime
from autotune.model.trial import Resource, Sample, Series, State
from autotune.store.store import Store

Make = Callable[..., Sample]


def test_all_of_a_run_comes_back_in_order(store: Store, sample: Make) -> None:
    for n in range(3):
        store.add_sample("r1", sample(n), role="baseline", index=n)
    for number in (0, 1):
        store.add_trial("r1", number, {"b": number, "a": None}, "tpe")
        for n in range(2):
            store.add_sample("r1", sample(n), role="trial", trial=number, index=n)
    store.finish_trial("r1", 0, state=State.OK, value=101.5, violation=-0.2)
    store.finish_trial("r1", 1, state=State.FAILED_CONFIG, reason="exit code 1")
    store.add_confirmation("r1", Confirmation(attempt=0, trial=1, config={"b": 1}, alpha=0.05, pairs=4))
    for pair, arm, order in ((0, "baseline", 1), (0, "candidate", 0), (-1, "baseline", 0)):
        place: dict[str, Any] = {"attempt": 0, "pair": pair, "arm": arm, "order": order}
        store.add_sample("r1", sample(pair), role="confirmation", **place)

    record = store.load_run("r1", series=True)

    assert (record.run, record.study, record.document, record.host) == (
        "r1",
        "pg",
        {"study": "pg"},
        {"cpus": 2},
    )
    assert record.baseline == (sample(0), sample(1), sample(2))
    assert [t.samples for t in record.trials] == [(sample(0), sample(1))] * 2
    assert list(record.trials[0].config) == ["b", "a"]
    assert [(t.state, t.value, t.violation, t.reason) for t in record.trials] == [
        (State.OK, 101.5, -0.2, ""),
        (State.FAILED_CONFIG, None, 0.0, "exit code 1"),
    ]
    plan = record.confirmations[0]
    assert (plan.attempt, plan.trial, plan.config, plan.alpha, plan.pairs) == (0, 1, {"b": 1}, 0.05, 4)
    assert [(p.pair, p.arm) for p in plan.samples] == [(-1, "baseline"), (0, "candidate"), (0, "baseline")]
    assert plan.samples[0] == PairedSample(attempt=0, pair=-1, arm="baseline", order=0, sample=sample(-1))


def test_series_are_loaded_only_when_asked_for(store: Store, sample: Make) -> None:
    store.add_sample("r1", sample(), role="baseline")

    assert store.load_run("r1").baseline[0].series == Series()
    assert store.load_run("r1", series=True).baseline[0].series == sample().series


def test_a_trial_under_way_is_found_running_with_its_samples(store: Store, sample: Make) -> None:
    store.add_trial("r1", 0, {"a": 1}, "tpe")
    store.add_sample("r1", sample(), role="trial", trial=0)

    trial = store.load_run("r1").trials[0]

    assert trial.state is State.RUNNING
    assert len(trial.samples) == 1


def test_a_reopened_trial_keeps_its_samples(store: Store, sample: Make) -> None:
    store.add_trial("r1", 0, {"a": 1}, "tpe")
    store.add_sample("r1", sample(), role="trial", trial=0)
    store.finish_trial("r1", 0, state=State.INTERRUPTED, reason="stopped by the user")
    store.reopen_trial("r1", 0)

    trial = store.load_run("r1").trials[0]

    assert (trial.state, trial.reason, len(trial.samples)) == (State.RUNNING, "", 1)


def test_the_same_trial_again_changes_nothing_and_another_is_refused(store: Store) -> None:
    store.add_trial("r1", 0, {"a": 1}, "tpe")
    store.finish_trial("r1", 0, state=State.OK, value=1.0)
    store.add_trial("r1", 0, {"a": 1}, "tpe")

    assert store.load_run("r1").trials[0].state is State.OK
    with pytest.raises(StorageError, match="another configuration"):
        store.add_trial("r1", 0, {"a": 2}, "tpe")


def test_the_same_sample_again_changes_nothing_and_another_is_refused(store: Store, sample: Make) -> None:
    broken = Series(seconds=(0.0,), columns={"cpu": (math.nan,)})
    for _ in range(2):
        store.add_sample("r1", sample(series=broken), role="baseline", index=0)

    assert len(store.load_run("r1").baseline) == 1
    with pytest.raises(StorageError, match="baseline/0"):
        store.add_sample("r1", sample(5), role="baseline", index=0)
    assert store.load_run("r1").baseline[0].metrics == sample().metrics


def test_a_sample_takes_the_place_of_an_interrupted_one(store: Store, sample: Make) -> None:
    store.add_sample("r1", Sample(state=State.INTERRUPTED), role="baseline", index=0)
    store.add_sample("r1", sample(), role="baseline", index=0)

    assert store.load_run("r1", series=True).baseline == (sample(),)


def test_samples_without_an_index_follow_each_other(store: Store, sample: Make) -> None:
    for n in range(3):
        store.add_sample("r1", sample(n), role="baseline")

    assert [s.metrics["tps"] for s in store.load_run("r1").baseline] == [100.0, 101.0, 102.0]


@pytest.mark.parametrize(
    "place",
    [
        {"role": "trial"},
        {"role": "baseline", "trial": 1},
        {"role": "confirmation", "attempt": 0, "pair": 0},
        {"role": "confirmation", "attempt": 0, "pair": 0, "arm": "baseline", "index": 1},
        {"role": "sentinel", "trial": 0},
    ],
)
def test_half_a_place_is_refused(place: dict[str, Any], store: Store, sample: Make) -> None:
    with pytest.raises(ValueError, match="is placed by"):
        store.add_sample("r1", sample(), **place)


def test_a_sample_of_an_unknown_trial_is_refused(store: Store, sample: Make) -> None:
    with pytest.raises(StorageError):
        store.add_sample("r1", sample(), role="trial", trial=9)


def test_a_number_that_is_none_is_refused_whole(store: Store, sample: Make) -> None:
    with pytest.raises(StorageError, match="JSON"):
        store.add_sample("r1", sample(metrics={"tps": math.nan}), role="baseline")

    assert store.load_run("r1").baseline == ()


def test_seconds_of_a_phase_add_up_over_stops(store: Store) -> None:
    store.set_phase("r1", "search", "stopped", 2.5)
    store.set_phase("r1", "baseline", "done", 1.0)
    store.set_phase("r1", "search", "done", 2.0)

    assert store.load_run("r1").phases == (
        PhaseTime(phase="search", status="done", seconds=4.5),
        PhaseTime(phase="baseline", status="done", seconds=1.0),
    )


def test_a_larger_budget_opens_the_search_again(store: Store) -> None:
    store.stop_search("r1", "all trials are done")
    assert store.load_run("r1").stopped == "all trials are done"

    store.update_document("r1", {"study": "pg", "budget": 99})
    store.stop_search("r1", "")

    assert store.load_run("r1").document == {"study": "pg", "budget": 99}
    assert store.load_run("r1").stopped == ""


def test_a_confirmation_can_be_planned_longer(store: Store) -> None:
    store.add_trial("r1", 0, {"a": 1}, "tpe")
    store.add_confirmation("r1", Confirmation(attempt=0, trial=0, config={"a": 1}, alpha=0.05, pairs=20))
    store.add_confirmation("r1", Confirmation(attempt=0, trial=0, config={"a": 1}, alpha=0.05, pairs=40))

    assert [c.pairs for c in store.load_run("r1").confirmations] == [40]


def test_the_latest_run_is_the_one_begun_last(store: Store) -> None:
    store.begin_run("a2", "other", {}, {})
    store.begin_run("b1", "pg", {}, {})

    assert store.runs() == ["r1", "a2", "b1"]
    latest = store.latest_run()
    other = store.latest_run("other")
    assert latest is not None
    assert other is not None
    assert (latest.run, other.run, store.latest_run("none")) == ("b1", "a2", None)


def test_a_run_cannot_begin_twice(store: Store) -> None:
    with pytest.raises(StorageError, match="already holds"):
        store.begin_run("r1", "pg", {}, {})


def test_an_unknown_run_is_refused_with_those_there_are(store: Store) -> None:
    with pytest.raises(UsageError, match=r"no run called 'r9'\. Runs in it: r1"):
        store.load_run("r9")


def test_an_unknown_trial_cannot_finish(store: Store) -> None:
    with pytest.raises(UsageError, match="no trial 4"):
        store.finish_trial("r1", 4, state=State.OK)


def test_the_usual_seconds_are_the_median_of_good_samples(store: Store, sample: Make) -> None:
    assert store.sample_seconds() is None
    for seconds in (1.0, 2.0, 9.0):
        store.add_sample("r1", sample(total_s=seconds), role="baseline")
    store.add_sample("r1", sample(total_s=99.0, state=State.TIMEOUT), role="baseline")

    assert store.sample_seconds("pg") == 2.0
    assert store.sample_seconds("none") is None


def test_a_fingerprint_follows_the_content_not_the_file(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(filled) as store:
        before = store.fingerprint("r1")
        store.set_phase("r1", "report", "done", 1.0)
        assert store.fingerprint("r1") == before
    copy.write_bytes(filled.read_bytes())

    with Store.open(copy) as store:
        assert store.fingerprint("r1") == before
        store.finish_trial("r1", 3, state=State.OK, value=103.0000001)
        assert store.fingerprint("r1") != before


def test_a_reader_sees_what_a_writer_saves_and_cannot_write(
    store: Store, sample: Make, tmp_path: Path
) -> None:
    with Store.open(tmp_path / "study.db", read_only=True) as reader:
        store.add_sample("r1", sample(), role="baseline")

        assert len(reader.load_run("r1").baseline) == 1
        with pytest.raises(StorageError):
            reader.stop_search("r1", "")


@pytest.mark.parametrize(
    "name", ['it\'s "quoted"', "100 %s %(x)s", "x" * 10_240, "'; DROP TABLE run; --", "ä\n\t"]
)
def test_any_name_is_only_a_name(name: str, store: Store) -> None:
    store.begin_run(name, name, {name: name}, {})
    store.add_trial(name, 0, {name: name}, name)

    record = store.latest_run(name)

    assert record is not None
    assert (record.run, record.study, record.document) == (name, name, {name: name})
    assert record.trials[0].config == {name: name}


_numbers = st.floats(allow_nan=False, allow_infinity=False)
_text = st.text(st.characters(), max_size=30)  # with NUL and lone surrogates
_values = st.none() | st.booleans() | st.integers() | _numbers | _text
_resources = st.builds(
    Resource, name=_text, value=st.none() | _numbers, unit=_text, source=_text, quality=st.just("exact")
)


@st.composite
def _series(build: st.DrawFn) -> Series:
    rows = build(st.integers(1, 5))
    column = st.lists(_numbers | st.just(math.inf), min_size=rows, max_size=rows).map(tuple)
    return Series(seconds=build(column), columns=build(st.dictionaries(_text, column, max_size=3)))


_samples = st.builds(
    Sample,
    state=st.sampled_from(State),
    reason=_text,
    metrics=st.dictionaries(_text, _numbers, max_size=3),
    counts=st.dictionaries(_text, st.integers(), max_size=3),
    resources=st.lists(_resources, max_size=2).map(tuple),
    series=_series(),
    started=_numbers,
    monotonic=_numbers,
    wall_s=_numbers,
    total_s=_numbers,
    output=_text,
    warnings=st.lists(_text, max_size=2).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(_samples, st.dictionaries(_text, _values, max_size=4), _text, _numbers)
def test_whatever_is_saved_comes_back_the_same(
    store: Store, measured: Sample, config: dict[str, Any], reason: str, value: float
) -> None:
    number = len(store.load_run("r1").trials)
    store.add_trial("r1", number, config, "tpe")
    store.add_sample("r1", measured, role="trial", trial=number, index=0)
    store.finish_trial("r1", number, state=State.OK, value=value, reason=reason)

    trial = store.load_run("r1", series=True).trials[number]

    assert trial.samples == (measured,)
    assert (trial.config, trial.reason, trial.value) == (config, reason, value)
    assert [type(v) for v in trial.config.values()] == [type(v) for v in config.values()]


def test_a_contest_comes_back_with_its_entrants_and_blocks_in_order(store: Store, sample: Make) -> None:
    store.add_trial("r1", 0, {"a": 1}, "tpe")
    entrants = (Entrant(trial=0, config={"a": 1}), Entrant(trial=0, config={"a": 0}, without=("a",)))
    plan = Contest(number=0, round=2, stage="screen", entrants=entrants, blocks=8)
    store.add_contest("r1", plan)
    for block, entrant, turn in ((0, 1, 0), (0, 0, 1), (1, 0, 0)):
        taken = sample(10 * block + entrant)
        store.add_sample("r1", taken, role="contest", contest=0, pair=block, index=entrant, order=turn)

    found = store.load_run("r1").contests[0]

    assert (found.round, found.stage, found.entrants, found.blocks) == (2, "screen", entrants, 8)
    assert [(s.block, s.entrant, s.order) for s in found.samples] == [(0, 1, 0), (0, 0, 1), (1, 0, 0)]
    assert found.whole == 1
    assert [s.metrics["tps"] for s in found.of(1)] == [101.0]


def test_a_planned_contest_is_never_planned_anew(store: Store) -> None:
    plan = Contest(number=0, round=0, stage="select", entrants=(Entrant(trial=-1, config={}),), blocks=6)
    store.add_contest("r1", plan)
    with pytest.raises(StorageError):
        store.add_contest("r1", plan)
