from __future__ import annotations

import json
from pathlib import Path

import pytest

from autotune.core.errors import FileError, UsageError, WorkloadError
from autotune.model.space import config_key
from autotune.model.trial import State
from autotune.model.verdict import Result


def test_a_real_gain_becomes_a_profile_with_report_and_results(desk):
    found = desk.run()
    assert found.verdict.result is Result.BETTER
    assert found.profile_path.exists()
    assert (desk.reports / "demo" / "latest" / "report.html").read_text().startswith("<!doctype html>")
    data = json.loads(found.results_path.read_text())
    assert data["schema"] == "autotune.results/1"
    assert data["verdict"]["result"] == "better"


def test_profile_holds_what_was_confirmed(desk):
    found = desk.run()
    confirmed = found.record.confirmations[-1].config
    assert {c.parameter: c.after for c in found.profile.changes} == {"x": confirmed["x"]}


def test_no_difference_is_equivalent_without_a_profile(desk):
    desk.write(script="print('score 100')")
    found = desk.run()
    assert found.verdict.result is Result.EQUIVALENT
    assert not found.profile_path.exists()


def test_gain_that_only_the_search_saw_is_no_profile(desk):
    # The workload counts its own runs: the search sees progress, fresh pairs see none.
    desk.write(
        script="""
        import pathlib
        path = pathlib.Path("count")
        n = int(path.read_text()) if path.exists() else 0
        path.write_text(str(n + 1))
        print("score", 100 + n if n < 9 else 100)
        """
    )
    found = desk.run()
    assert found.verdict.result is not Result.BETTER
    assert found.profile is None


def test_broken_limit_is_worse_and_no_profile(desk):
    desk.write(
        script="""
        import sys
        x = int(sys.argv[1])
        print("score", 100 + x)
        print("delay", 10 + x)
        """
    )
    text = (desk.folder / "study.yaml").read_text()
    text = text.replace("direction: maximize}}", "direction: maximize}, delay: {regex: 'delay (\\S+)'}}")
    (desk.folder / "study.yaml").write_text(text + 'limits: ["delay <= 1.05 * baseline"]\n')
    found = desk.run("sampler.seed=5")
    assert found.verdict.result is not Result.BETTER or found.verdict.limits[0].held == "held"
    assert (found.profile is None) == (not found.verdict.proven)


def test_every_phase_ends_with_its_status(desk, recorder):
    seen = recorder()
    desk.run(listener=seen)
    assert [phase for phase, _ in seen.phases] == ["checks", "baseline", "search", "validation", "report"]
    assert "failed" not in [status for _, status in seen.phases]


def test_failing_baseline_stops_before_any_trial(desk, recorder):
    desk.write(script="import sys; sys.exit('no such database')")
    seen = recorder()
    with pytest.raises(WorkloadError, match="no such database"):
        desk.run(listener=seen)
    assert seen.trials == []


def test_run_after_a_failing_baseline_starts_anew(desk):
    desk.write(script="import sys; sys.exit('not yet')")
    with pytest.raises(WorkloadError):
        desk.run()
    desk.write()
    assert desk.run().verdict.result is Result.BETTER


def test_wildly_unstable_baseline_stops_with_its_values(desk):
    desk.write(
        script="""
        import pathlib
        path = pathlib.Path("count")
        n = int(path.read_text()) if path.exists() else 0
        path.write_text(str(n + 1))
        print("score", [1, 100, 7, 3000, 40][n % 5])
        """
    )
    with pytest.raises(WorkloadError, match="too unstable"):
        desk.run()


def test_baseline_that_is_one_thing_or_another_is_too_unstable(desk):
    desk.write(
        script="""
        import pathlib
        path = pathlib.Path("count")
        n = int(path.read_text()) if path.exists() else 0
        path.write_text(str(n + 1))
        print("score", [1, 100001, 1, 100001, 1][n % 5])
        """
    )
    with pytest.raises(WorkloadError, match="too unstable"):
        desk.run()


def test_baseline_that_fails_in_the_validation_is_no_gain(desk):
    # Five samples of the baseline are good; what comes after the search fails.
    desk.write(
        script="""
        import pathlib, sys
        path = pathlib.Path("count")
        n = int(path.read_text()) if path.exists() else 0
        path.write_text(str(n + 1))
        x = int(sys.argv[1])
        if x == 0 and n > 9: sys.exit("gone")
        print("score", 100 + x)
        """
    )
    with pytest.raises(WorkloadError, match=r"failed in 3 of 3 pairs.*gone"):
        desk.run()
    assert list(desk.reports.rglob("profile.yaml")) == []


def test_unknown_option_of_a_sampler_is_refused_before_a_run_is_recorded(desk):
    with pytest.raises(FileError, match="sead"):
        desk.run("sampler={name: random, sead: 3}")
    assert not desk.reports.exists()


def test_configurations_that_all_fail_end_the_run_with_the_last_reason(desk):
    desk.write(
        script="""
        import sys
        x = int(sys.argv[1])
        if x: sys.exit(f"cannot do {x}")
        print("score", 100)
        """
    )
    with pytest.raises(WorkloadError, match=r"configurations all failed.*cannot do"):
        desk.run("budget.trials=15")


def test_few_failing_trials_leave_nothing_to_confirm(desk):
    desk.write(script="import sys; sys.exit('no') if int(sys.argv[1]) else print('score 100')")
    with pytest.raises(WorkloadError, match="none of the 4 configurations"):
        desk.run()


def test_failed_trials_are_answers_and_the_search_goes_on(desk, recorder):
    desk.write(
        script="""
        import sys
        x = int(sys.argv[1])
        if x > 10: sys.exit("too much")
        print("score", 100 + x)
        """
    )
    seen = recorder()
    found = desk.run("budget.trials=12", listener=seen)
    states = {t.state for t in seen.trials}
    assert states == {State.OK, State.FAILED_CONFIG}
    assert found.verdict.result is Result.BETTER
    assert "too much" in found.report_path.read_text()


def test_no_configuration_is_measured_twice_in_the_search(desk, recorder):
    seen = recorder()
    desk.run("budget.trials=12", listener=seen)
    keys = [config_key(t.config) for t in seen.trials]
    assert len(keys) == len(set(keys))


def test_exhausted_space_ends_the_search_with_a_word(desk, recorder):
    seen = recorder()
    found = desk.run("budget.trials=100", listener=seen)
    assert len(seen.trials) == 20
    assert "no other configuration" in found.record.stopped


def test_enqueued_configurations_come_first(desk, recorder):
    seen = recorder()
    desk.run("enqueue=[{x: 17}, {x: 2}]", listener=seen)
    assert [t.config["x"] for t in seen.trials[:2]] == [17, 2]
    assert seen.trials[0].origin == "enqueued"


def test_repeats_take_several_samples_per_trial(desk, recorder):
    seen = recorder()
    desk.run("repeats=3", listener=seen)
    assert {len(t.samples) for t in seen.trials} == {3}


@pytest.mark.slow
def test_wall_budget_ends_the_search_and_says_so(desk):
    found = desk.run("budget.trials=9999", "budget.wall=12s", "workload.parameters.x.int=[0, 100000]")
    assert 0 < len(found.record.trials) < 9999
    assert "wall" in found.record.stopped


def test_wall_budget_too_small_for_any_trial_asks_for_more(desk):
    with pytest.raises(UsageError, match=r"no configuration was tried.*wall"):
        desk.run("budget.wall=1ms")
    assert desk.run("budget.wall=1h").verdict.result is Result.BETTER


def test_scratch_is_gone_after_the_run(desk):
    found = desk.run()
    assert not (found.folder / "scratch").exists()


def test_latest_points_at_the_last_run(desk):
    desk.run()
    second = desk.run(fresh=True)
    assert Path(desk.reports / "demo" / "latest").resolve() == second.folder
    assert len(list((desk.reports / "demo").glob("20*"))) == 2


def test_a_target_that_is_reached_ends_the_search_and_says_so(desk, recorder):
    seen = recorder()
    found = desk.run(
        "enqueue=[{x: 3}, {x: 12}]", "budget={trials: 15, target: 1.1 * baseline}", listener=seen
    )
    assert found.record.stopped == "the target of 110 is reached"
    assert len(seen.trials) == 2
    assert ("search", "2 trials, the target of 110 is reached") in seen.phases
    assert "the target of 110 is reached" in found.report_path.read_text()


def test_answers_that_break_a_constraint_are_repaired_and_counted(desk, recorder):
    seen = recorder()
    constraint = "workload.constraints=['x == 0 or x % 19 == 17']"
    found = desk.run(constraint, "budget.trials=3", "sampler.seed=1", listener=seen)
    assert [t.config["x"] for t in seen.trials] == [17]
    answers = found.record.host["answers"]
    assert answers["rejected"] >= answers["repaired"]
    assert any("broke a constraint" in note for note in seen.notes)
