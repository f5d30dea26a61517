from __future__ import annotations

from types import SimpleNamespace

import pytest

from autotune.cli.progress import Progress
from autotune.flow.listener import Standing
from autotune.model.trial import State, Trial


@pytest.fixture
def lines(monkeypatch):
    def told(objectives, *, value, further, baseline, state=State.OK, reason="", violation=0.0):
        metric = SimpleNamespace(unit="MB/s")
        workload = SimpleNamespace(metric=lambda _: metric)
        study = SimpleNamespace(objective=objectives[0], objectives=objectives, workload=workload)
        found: list[str] = []
        progress = Progress(study)
        monkeypatch.setattr(progress, "line", lambda text, *_: found.append(text))
        trial = Trial(
            number=0,
            config={},
            origin="random",
            state=state,
            reason=reason,
            value=value,
            further=further,
            violation=violation,
        )
        progress.trial(trial, Standing(done=1, planned=4, baseline=baseline, best=trial, left_s=None))
        return found

    return told


def test_best_of_one_objective_is_told_against_the_baseline(lines):
    head, line = lines(("speed",), value=150.0, further=(), baseline=(100.0,))
    assert "speed [MB/s]" in head
    assert line.split()[:6] == ["1/4", "150", "1.50", "x", "baseline", "ok"]


def test_best_of_several_objectives_is_told_for_each(lines):
    _, line = lines(("speed", "gap"), value=150.0, further=(-2.0,), baseline=(100.0, 3.0))
    assert "speed 1.50 x baseline, gap -2  ok" in line


def test_what_missed_a_limit_is_not_the_best_so_far(lines):
    _, line = lines(("speed",), value=150.0, further=(), baseline=(100.0,), violation=0.2)
    assert line.split()[1:] == ["150", "none", "limit", "missed"]


def test_aborted_trial_is_told_with_the_bound_that_it_exceeded(lines):
    told = "aborted at 3 x the baseline, after 6.0 s"
    _, line = lines(("seconds",), value=6.0, further=(), baseline=(2.0,), state=State.ABORTED, reason=told)
    assert line.split()[1:3] == [">", "6"]
    assert line.endswith(f"  {told}")
