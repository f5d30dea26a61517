from __future__ import annotations

import pytest

from autotune.core.errors import WorkloadError

FUNCTION = """
def run(x):
    total = 0
    for n in range(20000):
        total += n
    return {"ops": 100.0 + x}
"""
STUDY = """
study: demo
workload:
  workload: function
  driver: python
  python: {call: "bench:run", calibrate: true}
  timeout: 60s
  metrics: {ops: {direction: maximize}, call_s: {unit: s}}
  parameters:
    x: {int: [0, 20], default: 0}
objective: {metric: ops}
sampler: {name: random, seed: 3}
budget: {trials: 1}
baseline_samples: 2
validate: {pairs: 1}
"""


@pytest.fixture
def python_desk(desk):
    desk.write(study=STUDY)
    (desk.folder / "bench.py").write_text(FUNCTION)
    return desk


@pytest.mark.slow
def test_a_short_function_is_called_as_often_all_through_the_run(python_desk, recorder):
    seen = recorder()
    found = python_desk.run(listener=seen)
    calls = found.record.host["calls"]
    assert calls > 20
    assert any(f"calls bench:run {calls:,} times" in note for note in seen.notes)
    samples = [*found.record.baseline, *found.record.trials[0].samples]
    assert all(0 < s.metrics["call_s"] < s.wall_s / 10 for s in samples)
    again = recorder()
    assert python_desk.run("budget.trials=2", listener=again).record.host["calls"] == calls
    assert not any("bench:run" in note for note in again.notes)


def test_a_function_that_fails_stops_the_run_with_its_reason(python_desk):
    (python_desk.folder / "bench.py").write_text("def run(x): raise ValueError('no data')")
    with pytest.raises(WorkloadError, match=r"baseline of workload 'function' fails.*no data"):
        python_desk.run()


def test_a_command_shorter_than_twenty_starts_is_warned_of(desk, recorder):
    seen = recorder()
    found = desk.run("workload.command=['echo', 'score', '1{x}']", listener=seen)
    assert any("starting a process alone" in note for note in seen.notes)
    assert "starting a process alone" in found.report_path.read_text()
