from __future__ import annotations

import json
import os

import pytest

from autotune.flow.sentinel import due
from autotune.flow.validate import judged
from autotune.model.trial import State

COUNTED = """
import pathlib, sys
path = pathlib.Path("count")
n = int(path.read_text()) if path.exists() else 0
path.write_text(str(n + 1))
print("score", 1000 + int(sys.argv[1]) - 2 * n)
"""
STEADY = "import sys; print('score', 100 + int(sys.argv[1]))"


def places(found):
    return [(x.before, x.trial) for x in found.record.sentinels]


def test_places_derive_from_the_trial_number_alone():
    assert [n for n in range(33) if due(n)] == [8, 16, 24, 32]


def test_baseline_and_best_are_measured_again_every_eight_trials(desk):
    found = desk.run("budget.trials=17")
    assert [before for before, _ in places(found)] == [8, 8, 16, 16]
    baseline, best = found.record.sentinels[:2]
    assert baseline.trial == -1
    assert baseline.sample.metrics["score"] == 100
    earlier = {t.number: t.value for t in found.record.trials[:8]}
    assert earlier[best.trial] == max(earlier.values())
    assert best.sample.metrics["score"] == earlier[best.trial]


def test_a_search_of_eight_trials_has_none(desk):
    assert places(desk.run("budget.trials=8")) == []


def test_interrupted_before_or_after_a_sentinel_the_search_goes_on_alike(desk, recorder):
    changes = ("sampler={name: tpe, seed: 1}", "budget.trials=12")
    whole = desk.run(*changes)
    for stop in (7, 8):
        with pytest.raises(KeyboardInterrupt):
            desk.run(*changes, listener=recorder(stop_at_trial=stop), fresh=stop == 7)
    again = desk.run(*changes)
    assert [(t.config, t.value) for t in again.record.trials] == [
        (t.config, t.value) for t in whole.record.trials
    ]
    assert places(again) == places(whole)


def test_a_stop_between_the_two_measures_the_missing_one_alone(desk):
    desk.write(
        script="""
        import pathlib, os, signal, sys
        path = pathlib.Path("count")
        n = int(path.read_text()) if path.exists() else 0
        path.write_text(str(n + 1))
        if n == 14:  # after 5 samples of the baseline, 8 trials, and the baseline again
            os.kill(int(pathlib.Path("harness").read_text()), signal.SIGINT)
            import time; time.sleep(5)
        print("score", 100 + int(sys.argv[1]))
        """
    )
    (desk.folder / "harness").write_text(str(os.getpid()))
    with pytest.raises(KeyboardInterrupt):
        desk.run("budget.trials=9")
    found = desk.run("budget.trials=9")
    assert [x.sample.state for x in found.record.sentinels] == [State.OK, State.OK]
    confirmed = len(found.record.confirmations[-1].samples)
    assert int((desk.folder / "count").read_text()) == 5 + 9 + 2 + 1 + confirmed


def test_drift_of_the_machine_is_said_in_notes_report_and_results(desk, recorder):
    desk.write(script=COUNTED)
    seen = recorder()
    found = desk.run("budget.trials=17", listener=seen)
    assert any("in the course of the search" in note for note in seen.notes)
    assert "in the course of the search" in found.report_path.read_text()
    data = json.loads(found.results_path.read_text())
    assert data["drift"]["share"] < 0
    assert [(x["before"], x["trial"]) for x in data["sentinels"]] == places(found)


def test_a_steady_machine_has_no_drift_to_tell_of(desk, recorder):
    desk.write(script=STEADY)
    seen = recorder()
    found = desk.run("budget.trials=17", listener=seen)
    assert not any("in the course of the search" in note for note in seen.notes)
    assert any(note.startswith("no drift seen over 2 sentinels") for note in seen.notes)
    assert json.loads(found.results_path.read_text())["drift"] is None


def test_the_verdict_rests_on_the_confirmation_alone(desk):
    found = desk.run("budget.trials=9")
    assert len(found.record.sentinels) == 2
    assert judged(found.study, found.record.confirmations[-1]) == found.verdict
