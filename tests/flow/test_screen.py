"""A screening of a real, quick study: two of five parameters matter."""

from __future__ import annotations

import json

import pytest

from autotune.core.errors import UsageError
from autotune.flow.screen import screen, write_freeze
from autotune.model.screening import Reading
from autotune.study.load import load

FACTS = {"host.cpus": 2, "host.memory_mib": 4096}

SCRIPT = """
import random, sys
a, b, c, d, e = sys.argv[1:]
with open("runs", "a") as runs:
    noise = 1 + random.Random(runs.tell()).random() / 200
    runs.write(".")
print("score", 100 * (1 + int(a) / 10) * (2.0 if c == "fast" else 1.0) * noise)
"""
"""Noise by the number of the run: one in twenty screenings of other noise names what does not matter."""

STUDY = """
study: demo
workload:
  workload: formula
  command: ["{python}", "-I", "-S", "formula.py", "{a}", "{b}", "{c}", "{d}", "{e}"]
  timeout: 5s
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    a: {int: [0, 20], default: 4}
    b: {float: [0.0, 1.0], default: 0.5}
    c: {choice: [slow, fast, other], default: slow}
    d: {bool: true, default: false}
    e: {power_of_two: [1, 64], default: 8}
objective: {metric: score}
sampler: {seed: 3}
baseline_samples: 5
budget: {trials: 4, plateau: {trials: 2}, wall: 20s}
"""


@pytest.fixture
def screened(desk, recorder):
    desk.write(script=SCRIPT, study=STUDY)

    def run(*overrides, listener=None, fresh=False, trajectories=4):
        study = load(desk.folder / "study.yaml", facts=FACTS, overrides=overrides)
        return screen(
            study,
            trajectories=trajectories,
            reports=desk.reports,
            fresh=fresh,
            listener=listener or recorder(),
            launcher=desk.launcher,
        )

    return run


def plan(found):
    return [(t.number, dict(t.config)) for t in found.record.trials]


def test_what_matters_is_told_from_what_does_not(screened, recorder):
    seen = recorder()
    found = screened(listener=seen)
    readings = {e.parameter: e.reading for e in found.screenings[0].effects}
    assert {name for name, reading in readings.items() if reading is Reading.MATTERS} == {"a", "c"}
    assert found.idle == ("b", "d", "e")
    assert len(found.record.trials) <= 4 * 6
    assert [phase for phase, _ in seen.phases] == ["checks", "baseline", "search"]
    data = json.loads(found.path.read_text())
    assert data["idle"] == ["b", "d", "e"]
    assert data["trials"] == len(found.record.trials)


def test_an_interrupted_screening_goes_on_with_the_same_steps(screened, recorder):
    whole = screened()
    with pytest.raises(KeyboardInterrupt):
        screened(fresh=True, listener=recorder(stop_at_trial=5))
    seen = recorder()
    again = screened(listener=seen)
    assert seen.trials[0].number == 6
    assert plan(again) == plan(whole)


def test_a_finished_screening_measures_nothing_again(screened, recorder):
    first, seen = screened(), recorder()
    assert screened(listener=seen).screenings == first.screenings
    assert seen.trials == []


def test_the_study_itself_is_not_begun_by_it(screened, desk):
    screened()
    assert not (desk.reports / "demo").exists()
    assert (desk.reports / "demo.screen" / "study.db").exists()


def test_frozen_parameters_stay_at_the_baseline_in_the_run(screened, desk):
    found = screened()
    names = write_freeze(found, desk.folder / "frozen.yaml")
    assert names == ("b", "d", "e")
    run = desk.run(f"freeze=[{', '.join(names)}]", "budget={trials: 12}", "validate.pairs=8")
    assert {(t.config["b"], t.config["d"], t.config["e"]) for t in run.record.trials} == {(0.5, False, 8)}
    assert len({t.config["a"] for t in run.record.trials}) > 3


def test_what_the_study_froze_is_neither_screened_nor_forgotten(screened, desk):
    found = screened("freeze=[e]")
    assert "e" not in found.design.parameters
    assert write_freeze(found, desk.folder / "frozen.yaml") == ("e", "b", "d")


def test_one_parameter_is_screened(desk, recorder):
    study = load(desk.folder / "study.yaml", facts=FACTS)
    found = screen(study, reports=desk.reports, fresh=False, listener=recorder(), launcher=desk.launcher)
    assert found.screenings[0].effects[0].reading is Reading.MATTERS
    assert len(found.record.trials) <= 8


def test_a_step_into_failure_matters(screened, desk):
    desk.write(script=SCRIPT.replace("with", "sys.exit(1) if d == 'true' else None\nwith"), study=STUDY)
    found = screened()
    assert "d" not in found.idle
    assert {e.parameter: e.reading for e in found.screenings[0].effects}["d"] is Reading.FAILS


def test_noise_alone_is_undecided(screened, desk):
    desk.write(script="import os; print('score', 100 + os.urandom(1)[0] / 5)", study=STUDY)
    found = screened()
    assert found.undecided or found.idle != ()


def test_nothing_to_change_is_refused(screened, desk):
    rigid = """
study: demo
workload:
  workload: formula
  command: ["{python}", "formula.py", "{x}", "{y}"]
  metrics: {score: {regex: 'score (\\S+)'}}
  parameters:
    x: {int: [0, 9], default: 0}
    y: {int: [0, 9], default: 0}
  constraints: ["x == y"]
objective: {metric: score}
"""
    desk.write(script=SCRIPT, study=rigid)
    with pytest.raises(UsageError, match="permits no change of a single parameter"):
        screened()
