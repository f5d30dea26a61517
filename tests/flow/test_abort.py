"""Trials that are ended early, with a command that really sleeps."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.cli.closing import exit_code
from autotune.core.errors import ExitCode, UsageError
from autotune.flow.abort import beyond_timeout, bound
from autotune.flow.outcome import outcome, settled
from autotune.judge.confirmed import judged
from autotune.model.trial import Sample, State, Trial
from autotune.model.verdict import Result
from autotune.report.results import results
from autotune.store.store import Store
from autotune.study.load import load

NAP = """
import subprocess, sys, time
kind = sys.argv[1]
if kind == "endless":
    left = subprocess.Popen(["sleep", "300"], start_new_session=True)
    open("left", "a").write(f"{left.pid}\\n")
    time.sleep(300)
time.sleep({"usual": 0.2, "quick": 0.05}.get(kind, 0.0))
"""

STUDY = """
study: demo
workload:
  workload: nap
  command: ["{python}", "-I", "-S", "formula.py", "{x}"]
  timeout: 60s
  metrics: {seconds: {wall: true}}
  parameters:
    x: {choice: [usual, endless, quick], default: usual}
objective: {metric: seconds}
sampler: {name: grid}
abort: {beyond: 3}
budget: {trials: 2}
validate: {candidates: 1, reduce: false, pairs: 8}
"""


@pytest.fixture
def nap(desk):
    """A study of three naps: the usual one, a quick one, and one that does not end."""
    desk.write(script=NAP, study=STUDY)
    return desk


def by_kind(found):
    return {trial.config["x"]: trial for trial in found.record.trials}


def at(found):
    """Three times the baseline's median."""
    return 3 * statistics.median(s.wall_s for s in settled(found.record.baseline, "seconds"))


def test_trial_that_is_clearly_worse_is_aborted_and_the_gain_is_proven(nap):
    found = nap.run()
    endless = by_kind(found)["endless"]
    assert endless.state is State.ABORTED
    assert endless.value == pytest.approx(at(found))
    assert endless.reason.startswith("aborted at 3 x the baseline, after 0.")
    (sample,) = endless.samples
    assert sample.state is State.ABORTED
    assert sample.metrics == {}
    assert sample.wall_s < 30
    assert found.verdict.result is Result.BETTER
    assert found.profile.changes[0].after == "quick"


def test_nothing_of_an_aborted_trial_is_left_on_the_machine(nap):
    nap.run("budget.trials=3")
    left = (nap.folder / "left").read_text().split()
    assert left
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]
    assert not list(nap.reports.glob("demo/*/scratch"))


def test_results_say_that_the_value_is_a_bound(nap):
    found = nap.run()
    data = results(found.study, found.record, found.verdict, found.profile)
    told = {trial["config"]["x"]: (trial["state"], trial["censored"]) for trial in data["trials"]}
    assert told == {"endless": ("aborted", True), "quick": ("ok", False)}


def test_without_abort_the_time_out_ends_it_as_a_failure(nap):
    # The search has to leave it to the time-out, which is no bound.
    nap.write(script=NAP, study=STUDY.replace("abort: {beyond: 3}\n", ""))
    found = nap.run("workload.timeout=700ms")
    endless = by_kind(found)["endless"]
    assert (endless.state, endless.value) == (State.TIMEOUT, None)


def test_time_out_that_comes_first_is_told_before_the_search(nap, recorder):
    seen = recorder()
    found = nap.run("workload.timeout=700ms", "abort.beyond=900", listener=seen)
    assert by_kind(found)["endless"].state is State.TIMEOUT
    assert any("timeout of 0.7 s comes first" in note for note in seen.notes)


def test_one_aborted_sample_ends_a_trial_of_several(nap):
    found = nap.run("repeats=2")
    assert len(by_kind(found)["endless"].samples) == 1
    assert len(by_kind(found)["quick"].samples) == 2


def test_aborted_trial_is_not_measured_again_by_a_resumed_run(nap, recorder):
    changes = ("sampler={name: tpe, seed: 1}", "enqueue=[{x: endless}, {x: quick}]")
    with pytest.raises(KeyboardInterrupt):
        nap.run(*changes, listener=recorder(stop_at_trial=0))
    seen = recorder()
    found = nap.run(*changes, listener=seen)
    assert [trial.number for trial in seen.trials] == [1]
    assert len((nap.folder / "left").read_text().split()) == 1
    assert by_kind(found)["endless"].state is State.ABORTED


def test_trial_whose_sample_was_saved_before_a_kill_ends_as_it_would_have(nap, recorder):
    changes = ("enqueue=[{x: endless}, {x: quick}]",)
    with pytest.raises(KeyboardInterrupt):
        nap.run(*changes, listener=recorder(stop_at_trial=0))
    with Store.open(nap.reports / "demo" / "study.db") as store:
        store.reopen_trial(store.runs()[-1], 0)
    found = nap.run(*changes)
    endless = by_kind(found)["endless"]
    assert (endless.state, len(endless.samples)) == (State.ABORTED, 1)
    assert endless.value == pytest.approx(at(found))
    assert len((nap.folder / "left").read_text().split()) == 1


def test_another_factor_is_another_study(nap):
    nap.run("budget.trials=1")
    with pytest.raises(UsageError, match=r"abort.beyond: 3.0 -> 4.0"):
        nap.run("budget.trials=1", "abort.beyond=4")


def test_where_all_else_was_aborted_the_baseline_is_kept(nap, recorder):
    seen = recorder()
    found = nap.run("workload.parameters.x.choice=[usual, endless]", listener=seen)
    assert found.verdict is None
    assert exit_code(found) is ExitCode.UNDECIDED
    assert found.report_path.exists()
    assert ("validation", "nothing to confirm") in seen.phases
    (told,) = [note for note in seen.notes if note.startswith("nothing to confirm")]
    assert "1 of 1 trials were aborted at 3 x the baseline" in told
    assert told.endswith("Keep what you have")


def test_pairs_of_the_proof_are_never_aborted(nap):
    # In the search, whose trials have a number, `quick` is quick; in the proof it is not.
    script = "import sys, time; time.sleep(0.5 if sys.argv[1] == 'quick' and sys.argv[2] == '-1' else 0.1)"
    study = STUDY.replace('"{x}"]', '"{x}", "{trial}"]').replace("beyond: 3", "beyond: 2")
    nap.write(script=script, study=study)
    found = nap.run("enqueue=[{x: quick}]", "budget.trials=1", "validate.pairs=6")
    samples = [s.sample for s in found.record.confirmations[-1].samples]
    assert {s.state for s in samples} == {State.OK}
    assert max(s.wall_s for s in samples) > 0.45
    assert judged(found.study, found.record.confirmations[-1]).result is not Result.BETTER


def test_bound_is_in_the_unit_of_the_metric_and_in_seconds(nap):
    study = load(nap.folder / "study.yaml", facts={}, overrides=("workload.metrics.seconds.unit=ms",))
    baseline = [Sample(state=State.OK, metrics={"seconds": value}) for value in (190.0, 200.0, 900.0)]
    found = bound(study, baseline)
    assert found.value == pytest.approx(600.0)
    assert found.seconds == pytest.approx(0.6)
    assert found.reason == "aborted at 3 x the baseline, after 0.6 s"
    assert beyond_timeout(study, found) == ""
    assert bound(replace(study, abort=None), baseline) is None


def test_aborted_trial_has_its_bound_and_no_limit_missed(nap):
    study = load(nap.folder / "study.yaml", facts={})
    baseline = [Sample(state=State.OK, metrics={"seconds": 2.0})] * 2
    samples = (Sample(state=State.OK, metrics={"seconds": 1.0}), Sample(state=State.ABORTED))
    trial = outcome(study, Trial(number=0, config={}, origin="grid", samples=samples), baseline)
    assert (trial.state, trial.value, trial.violation) == (State.ABORTED, 6.0, 0.0)
