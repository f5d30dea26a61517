from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import pytest

from autotune.measure.resources import resources
from autotune.store.store import Store

NOISY = """
import pathlib
path = pathlib.Path("count")
n = int(path.read_text()) if path.exists() else 0
path.write_text(str(n + 1))
print("score", 100 + n * 37 % 50)
"""
BEFORE = 5 + 4 + 2
"""Samples before the first pair: baseline, trials, warm-ups."""


@pytest.fixture
def neighbour(monkeypatch):
    """A fake host: a sample takes ten seconds of all CPUs, a given one with three foreign ones."""
    samples, disturbed = count(), set()

    def fake(*args):
        foreign = 3.0 if next(samples) in disturbed else 0.0
        figures = {"foreign_cpu_s": foreign, "steal_s": 0.0, "host_cpu_s": 10.0}
        return tuple(replace(one, value=figures.get(one.name, one.value)) for one in resources(*args))

    monkeypatch.setattr("autotune.measure.sample.resources", fake)
    return disturbed


def arms(found):
    return [(s.pair, s.take, s.arm) for s in found.record.confirmations[-1].samples if s.pair >= 0]


def test_a_disturbed_arm_makes_the_whole_pair_run_again_and_both_are_kept(desk, recorder, neighbour):
    desk.write(script=NOISY)
    neighbour.add(BEFORE + 2 * 4 + 1)  # the second arm of pair 4
    seen = recorder()
    found = desk.run(listener=seen)
    pairs = [(pair, take) for pair, take, _ in arms(found)]
    assert pairs.count((4, 0)) == pairs.count((4, 1)) == 2
    assert {take for pair, take in pairs if pair != 4} == {0}
    assert found.verdict.pairs == 8
    assert any(note.startswith("1 disturbed pair was run again") for note in seen.notes)
    page = found.report_path.read_text()
    assert "without the second runs" in page
    assert "1 of 16 samples" not in page  # the second run of the pair counts, and was quiet


def test_results_hold_both_runs_and_the_verdict_on_the_first_ones(desk, neighbour):
    desk.write(script=NOISY)
    neighbour.add(BEFORE + 2 * 4)
    data = json.loads(desk.run().results_path.read_text())
    again = [s for s in data["confirmations"][0]["samples"] if s["pair"] == 4]
    assert sorted(s["take"] for s in again) == [0, 0, 1, 1]
    assert [s["disturbed"] for s in again if s["disturbed"]] == ["others used 30 % of the CPUs"]
    assert data["verdict_without_reruns"]["pairs"] == 8
    assert data["verdict_without_reruns"]["effect"] != data["verdict"]["effect"]


def test_a_machine_that_is_never_quiet_has_one_pair_in_five_run_again(desk, neighbour):
    desk.write(script=NOISY)
    neighbour.update(range(200))
    found = desk.run()
    assert len({pair for pair, take, _ in arms(found) if take}) == 1
    assert "16 of 16 samples were disturbed" in found.report_path.read_text()


def test_a_stop_within_a_second_run_measures_the_missing_arm_alone(desk, neighbour, monkeypatch):
    desk.write(script=NOISY)
    neighbour.add(BEFORE + 2 * 4)
    kept = Store.add_sample

    def stopping(self, *args, **place):
        kept(self, *args, **place)
        if place["role"] == "confirmation" and place["index"]:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_sample", stopping)
        with pytest.raises(KeyboardInterrupt):
            desk.run()
    found = desk.run()
    assert [(pair, take) for pair, take, _ in arms(found)].count((4, 1)) == 2
    assert len(arms(found)) == 2 * 8 + 2


@pytest.mark.usefixtures("neighbour")
def test_without_a_disturbance_there_is_no_second_verdict(desk, recorder):
    seen = recorder()
    found = desk.run(listener=seen)
    assert not any("disturbed" in note for note in seen.notes)
    assert json.loads(found.results_path.read_text())["verdict_without_reruns"] is None
