from __future__ import annotations

import os

import pytest

from autotune.core.errors import BusyError, UsageError
from autotune.core.files import locked
from autotune.flow.pairs import coins
from autotune.flow.session import differences
from autotune.model.trial import State


def plan(found):
    return [(t.number, dict(t.config), t.value) for t in found.record.trials]


@pytest.mark.parametrize("sampler", ["{name: random}", "{name: tpe, seed: 1}", "{name: grid, levels: 21}"])
def test_interrupted_search_goes_on_as_an_uninterrupted_one(desk, recorder, sampler):
    changes = (f"sampler={sampler}", "budget.trials=8")
    whole = desk.run(*changes)
    for stop in (0, 3, 6):
        with pytest.raises(KeyboardInterrupt):
            desk.run(*changes, listener=recorder(stop_at_trial=stop), fresh=stop == 0)
    again = desk.run(*changes)
    assert plan(again) == plan(whole)


def test_interrupted_validation_goes_on_with_the_same_coins(desk, recorder):
    # Noise keeps the verdict open to the last pair.
    desk.write(script="import os; print('score', 100 + os.getpid() % 50)")
    with pytest.raises(KeyboardInterrupt):
        desk.run(listener=recorder(stop_at_pair=3))
    seen = recorder()
    found = desk.run(listener=seen)
    assert seen.pairs[0] == 4
    samples = [s for s in found.record.confirmations[-1].samples if s.pair >= 0 and s.take == 0]
    first = {s.pair: s.arm == "baseline" for s in samples if s.order == 0}
    expected = coins(3, 0, 8)
    assert [first[p] for p in sorted(first)] == expected[: len(first)]


def test_second_run_of_a_finished_study_measures_nothing(desk, recorder):
    first = desk.run()
    seen = recorder()
    second = desk.run(listener=seen)
    assert seen.trials == []
    assert seen.pairs == []
    assert plan(second) == plan(first)
    assert second.verdict == first.verdict


def test_larger_budget_goes_on_and_keeps_the_trials(desk, recorder):
    first = desk.run()
    seen = recorder()
    second = desk.run("budget.trials=7", listener=seen)
    assert [t.number for t in seen.trials] == [4, 5, 6]
    assert plan(second)[:4] == plan(first)


def test_new_best_after_a_larger_budget_is_confirmed_at_half_the_level(desk):
    desk.run("enqueue=[{x: 5}]", "budget.trials=1")
    found = desk.run("enqueue=[{x: 5}]", "budget.trials=12")
    levels = {c.attempt: c.alpha for c in found.record.confirmations}
    assert levels == {0: 0.05, 1: 0.025}


def test_smaller_budget_is_refused_with_the_difference(desk):
    desk.run()
    with pytest.raises(UsageError, match=r"budget.trials: 4 -> 2"):
        desk.run("budget.trials=2")


def test_other_change_is_refused_with_the_difference_and_nothing_is_lost(desk):
    first = desk.run()
    with pytest.raises(UsageError, match=r"objective|parameters.x"):
        desk.run("workload.parameters.x.int=[0, 30]")
    assert plan(desk.run()) == plan(first)


def test_fresh_starts_anew(desk, recorder):
    desk.run()
    seen = recorder()
    found = desk.run("workload.parameters.x.int=[0, 30]", listener=seen, fresh=True)
    assert len(seen.trials) == 4
    assert found.record.run != ""


def test_interrupted_trial_is_marked_and_measured_again(desk):
    desk.write(
        script="""
        import pathlib, sys, os, signal
        x = int(sys.argv[1])
        if x and not pathlib.Path("once").exists():
            pathlib.Path("once").touch()
            os.kill(int(pathlib.Path("harness").read_text()), signal.SIGINT)
            import time; time.sleep(5)
        print("score", 100 + x)
        """
    )
    (desk.folder / "harness").write_text(str(os.getpid()))
    with pytest.raises(KeyboardInterrupt):
        desk.run()
    found = desk.run()
    assert found.record.trials[0].state is State.OK
    assert len(found.record.trials) == 4


def test_second_process_is_told_who_is_running(desk):
    with (
        locked(desk.reports / "demo" / "lock", what="study 'demo'"),
        pytest.raises(BusyError, match=r"study 'demo' is in use by process \d+"),
    ):
        desk.run()


def test_coins_are_fair_and_depend_on_the_attempt():
    drawn = [coins(seed, 0, 40) for seed in range(200)]
    share = sum(map(sum, drawn)) / (200 * 40)
    assert 0.47 < share < 0.53
    assert coins(1, 0, 40) != coins(1, 1, 40)
    assert coins(1, 0, 40)[:10] == coins(1, 0, 10)


def test_differences_name_the_path():
    old = {"a": {"b": 1, "c": 2}, "d": [1]}
    new = {"a": {"b": 1, "c": 3}, "d": [2], "e": 0}
    assert list(differences(old, new)) == ["a.c", "d", "e"]
