"""A study starts from what an earlier one of the same workload found."""

from __future__ import annotations

import pytest

from autotune.core.errors import UsageError

AUTO = ("sampler={name: auto, seed: 3}", "budget.trials=6")


def plan(found):
    return [(t.number, dict(t.config), t.value) for t in found.record.trials]


def test_the_best_of_an_earlier_study_is_tried_first(desk, recorder):
    first = desk.run("sampler={name: grid, levels: 21}", "budget.trials=20")
    best = max(t.config["x"] for t in first.record.trials)
    seen = recorder()
    warm = desk.run("study=second", "warm_start=reports/demo", *AUTO, listener=seen)
    assert warm.record.trials[0].config["x"] == best
    assert any(f"20 trials of run {first.record.run}" in note for note in seen.notes)


def test_fresh_run_starts_from_the_one_before(desk):
    desk.run("sampler={name: grid, levels: 21}", "budget.trials=20")
    warm = desk.run("warm_start=reports/demo", *AUTO, fresh=True)
    assert warm.record.trials[0].config["x"] == 20


def test_interrupted_warm_search_goes_on_as_an_uninterrupted_one(desk, recorder):
    desk.run("sampler={name: grid, levels: 21}", "budget.trials=10")
    changes = ("study=second", "warm_start=reports/demo", *AUTO)
    whole = desk.run(*changes)
    with pytest.raises(KeyboardInterrupt):
        desk.run(*changes, listener=recorder(stop_at_trial=2), fresh=True)
    desk.run("sampler={name: random, seed: 9}", "budget.trials=3", fresh=True)  # a later run changes nothing
    assert plan(desk.run(*changes)) == plan(whole)


def test_folder_without_a_study_is_refused_before_measuring(desk, recorder):
    seen = recorder()
    with pytest.raises(UsageError, match=r"warm_start: there is no .*nowhere/study\.db"):
        desk.run("warm_start=reports/nowhere", listener=seen)
    assert seen.trials == []


def test_corrected_folder_needs_no_fresh_start(desk):
    desk.run()
    with pytest.raises(UsageError, match="there is no"):
        desk.run("study=second", "warm_start=reports/dmeo")
    assert desk.run("study=second", "warm_start=reports/demo").record.trials


def test_another_workload_is_refused(desk):
    desk.run()
    with pytest.raises(UsageError, match="tuned workload 'formula', this study tunes 'other'"):
        desk.run("study=second", "workload.workload=other", "warm_start=reports/demo")


def test_first_run_has_nothing_to_start_from(desk):
    with pytest.raises(UsageError, match=r"no earlier run with trials|there is no"):
        desk.run("warm_start=reports/demo")


def test_metric_that_was_not_measured_then_is_refused(desk):
    desk.run()
    desk.write(
        study=(desk.folder / "study.yaml")
        .read_text()
        .replace("score: {", "points: {")
        .replace("metric: score", "metric: points")
        .replace("study: demo", "study: second")
    )
    with pytest.raises(UsageError, match="has not measured 'points'"):
        desk.run("warm_start=reports/demo")


GROWN = """
study: grown
workload:
  workload: formula
  command: ["{python}", "formula.py", "{x}", "{z}"]
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    x: {int: [0, 10], default: 4}
    z: {int: [1, 5], default: 2}
objective: {metric: score}
sampler: {name: auto, seed: 3}
budget: {trials: 4}
warm_start: reports/demo
"""


def test_new_parameter_holds_the_baselines_value_and_what_does_not_fit_is_left_out(desk, recorder):
    desk.run("sampler={name: grid, levels: 21}", "budget.trials=20")
    desk.write(script="import sys; print('score', 100 + sum(map(int, sys.argv[1:])))", study=GROWN)
    seen = recorder()
    configs = [t.config for t in desk.run(listener=seen).record.trials]
    assert configs[0] == {"x": 10, "z": 2}
    assert all(set(config) == {"x", "z"} for config in configs)
    assert any("10 of 20 trials" in note for note in seen.notes)


def test_trials_with_a_parameter_that_is_gone_are_left_out(desk, recorder):
    desk.run("sampler={name: grid, levels: 21}", "budget.trials=20")
    desk.write(
        script="import sys; print('score', 100 + int(sys.argv[2]))",
        study=GROWN.replace("x: {", "y: {").replace("{x}", "{y}"),
    )
    seen = recorder()
    desk.run(listener=seen)
    assert any("0 of 20 trials" in note for note in seen.notes)
