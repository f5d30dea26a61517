"""A study of several objectives, run in real processes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autotune.flow.outcome import best, leaders, ranking
from autotune.judge.standing import front_of, reference, volume
from autotune.model.trial import State, Trial
from autotune.model.verdict import Held, Result
from autotune.study.load import load

SCRIPT = """
import pathlib, random, sys
x, y = int(sys.argv[1]), int(sys.argv[2])
here = pathlib.Path(__file__).parent
n = len(list(here.glob("run-*")))
(here / f"run-{n}").touch()
noise = random.Random(n)
print("speed", 100 * (1 + 0.1 * x) * noise.gauss(1, 0.001))
print("ratio", (3 - 0.02 * x * x + 0.15 * y) * noise.gauss(1, 0.001))
"""
"""x buys speed with ratio; y adds ratio for nothing."""

STUDY = """
study: demo
workload:
  workload: formula
  driver: command
  command: ["{python}", "-I", "-S", "formula.py", "{x}", "{y}"]
  timeout: 5s
  metrics:
    speed: {regex: 'speed (\\S+)', direction: maximize}
    ratio: {regex: 'ratio (\\S+)', direction: maximize}
  parameters:
    x: {int: [0, 4], default: 0}
    y: {int: [0, 3], default: 0}
objectives: [{metric: speed}, {metric: ratio}]
sampler: {name: grid, seed: 3}
budget: {trials: 19}
validate: {candidates: 2, reduce: false, pairs: 24, min_gain: 2%}
"""
BOUNDED = 'pick={max: speed, subject_to: ["ratio >= 0.9 * baseline"]}'


@pytest.fixture
def several(desk):
    desk.write(script=SCRIPT, study=STUDY)
    return desk


def picked(found) -> dict:
    return dict(found.record.confirmations[-1].config)


def test_what_is_picked_is_better_and_loses_nothing(several):
    found = several.run()
    assert found.verdict.result is Result.BETTER
    assert picked(found) == {"x": 3, "y": 3}
    assert {one.metric: one.result for one in found.verdict.objectives} == {
        "speed": Result.BETTER,
        "ratio": Result.BETTER,
    }
    assert found.profile.verdict.limits == {
        "speed loses less than 2 %": Held.HELD,
        "ratio loses less than 2 %": Held.HELD,
    }


def test_trials_hold_every_objective_and_the_front_is_told(several):
    found = several.run()
    assert all(len(t.further) == 1 for t in found.record.trials)
    data = json.loads(found.results_path.read_text())
    assert [one["metric"] for one in data["objectives"]] == ["speed", "ratio"]
    values = {n["number"]: n["values"] for n in data["front"]["trials"]}
    assert len(values) == 5  # one for each x, all with y = 3
    assert all(t["further"] == [values[t["number"]][1]] for t in data["trials"] if t["number"] in values)
    assert data["front"]["picked"] in values
    assert data["front"]["hypervolume"] > 0
    assert data["front"]["reference"] == data["front"]["baseline"]
    page = found.report_path.read_text()
    for said in (
        "Objectives",
        "The front",
        "Hypervolume",
        "loses less than 2 %",
        "maximize speed; maximize ratio",
    ):
        assert said in page


def test_weights_and_order_pick_other_points(several):
    assert picked(several.run("pick={weights: {speed: 1, ratio: 100}}", fresh=True)) == {"x": 0, "y": 3}
    near = several.run("pick={lexicographic: [ratio, speed], within: 5%}", fresh=True)
    assert picked(near) == {"x": 2, "y": 3}


def test_a_bound_lets_an_objective_fall_so_far(several):
    found = several.run(BOUNDED, "workload.parameters.y.default=1", "budget.trials=5", "enqueue=[]")
    ratio = next(one for one in found.verdict.objectives if one.metric == "ratio")
    assert ratio.result is None
    assert [limit.text for limit in found.verdict.limits] == ["ratio >= 0.9 * baseline"]
    assert found.verdict.metric == "speed"


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(several, recorder):
    whole = several.run(fresh=True)
    with pytest.raises(KeyboardInterrupt):
        several.run(fresh=True, listener=recorder(stop_at_trial=7))
    stopped = several.run()
    assert [dict(t.config) for t in stopped.record.trials] == [dict(t.config) for t in whole.record.trials]
    assert all(len(t.further) == 1 for t in stopped.record.trials)
    assert stopped.verdict.result is Result.BETTER


def test_another_pick_is_another_study(several):
    several.run("budget.trials=3")
    with pytest.raises(Exception, match="pick: knee -> "):
        several.run("budget.trials=3", "pick={lexicographic: [speed, ratio]}")


@pytest.fixture
def study(several):
    return load(several.folder / "study.yaml", facts={})


def trial(number, speed, ratio, *, violation=0.0, state=State.OK):
    values = {"value": speed, "further": (ratio,)} if state is State.OK else {}
    return Trial(
        number=number, config={"x": 1, "y": number}, origin="", state=state, violation=violation, **values
    )


BASE = (100.0, 3.0)


def test_front_leaves_out_failures_and_missed_limits(study):
    trials = [
        trial(0, 120, 3.1),
        trial(1, 300, 9.0, violation=0.1),
        trial(2, 0, 0, state=State.TIMEOUT),
        trial(3, 110, 3.0),
        trial(4, 90, 3.3),
    ]
    assert [t.number for t in front_of(study, trials)] == [0, 4]
    assert [t.number for t in ranking(study, trials, BASE)] == [0, 3, 4, 1]
    assert best(study, trials, BASE).number == 0


def test_leaders_are_what_later_trials_are_held_to(study):
    trials = [trial(0, 50, 1.0, violation=0.2), trial(1, 120, 3.1), trial(2, 90, 3.3), trial(3, 110, 3.0)]
    held: list[Trial] = []
    for one in trials:
        held = leaders(study, held, one)
    assert [t.number for t in held] == [1, 2]
    assert [t.number for t in leaders(study, [], trials[0])] == [0]


def test_hypervolume_counts_in_shares_of_the_baseline(study):
    assert volume(study, [trial(0, 120, 3.3)], BASE) == pytest.approx(0.2 * 0.1)
    assert volume(study, [trial(0, 120, 2.9)], BASE) == 0.0


def test_reference_of_a_bounded_pick_is_its_bound(several):
    bounded = load(several.folder / "study.yaml", facts={}, overrides=(BOUNDED,))
    assert reference(bounded, BASE) == (100.0, pytest.approx(2.7))
    assert volume(bounded, [trial(0, 120, 2.97)], BASE) == pytest.approx(0.2 * 0.1)


def test_a_plateau_of_several_objectives_is_one_of_their_hypervolume(several):
    found = several.run("budget.plateau={trials: 6, gain: 1%}", "sampler.name=random", "budget.trials=200")
    assert "improved the hypervolume of the front by less than 1 %" in found.record.stopped
    assert len(found.record.trials) < 19


def test_values_of_a_trial_that_failed_are_none(several):
    desk = several
    desk.write(script=SCRIPT.replace("x, y =", "if sys.argv[1] == '1': sys.exit(3)\nx, y ="), study=STUDY)
    found = desk.run()
    failed = [t for t in found.record.trials if t.state.failed]
    assert failed
    assert all((t.value, t.further) == (None, ()) for t in failed)
    assert replace(failed[0], further=()) == failed[0]
