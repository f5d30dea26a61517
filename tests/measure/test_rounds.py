from __future__ import annotations

import json

import pytest

from autotune.measure.floor import spawn_floor_s
from autotune.measure.launcher import Launcher
from autotune.measure.rounds import settled
from autotune.model.space import Space
from autotune.model.trial import State
from autotune.model.workload import Metric, PythonCall


def rounds(tmp_path, found):
    file = tmp_path / "returned.json"
    file.write_text(json.dumps({"rounds": found}))
    return settled(file)


def test_a_figure_is_the_median_over_the_rounds(tmp_path):
    found = [{"call_s": 0.1 + 0.001 * n, "ops": n} for n in (3, 1, 2, 5, 4)]
    assert rounds(tmp_path, found) == {"call_s": pytest.approx(0.103), "ops": 3}


def test_rounds_that_warm_up_are_left_out(tmp_path):
    found = [{"call_s": s, "ops": 1 / s} for s in (9.0, 5.0, 1.01, 0.99, 1.0, 1.0, 1.01, 0.99)]
    assert rounds(tmp_path, found)["call_s"] == pytest.approx(1.0)
    assert rounds(tmp_path, found)["ops"] == pytest.approx(1.0)


def test_what_is_no_number_in_every_round_is_left_out(tmp_path):
    found = [
        {"call_s": 1.0, "name": "x", "flag": True, "some": 1},
        {"call_s": 1.0, "name": "x", "flag": True},
    ]
    assert rounds(tmp_path, found) == {"call_s": 1.0}


def test_lists_of_all_rounds_are_put_together(tmp_path):
    found = [{"call_s": 1.0, "ms": [1, 2]}, {"call_s": 1.0, "ms": [3]}]
    assert rounds(tmp_path, found) == {"call_s": 1.0, "ms": [1, 2, 3]}


def test_no_round_has_no_figures(tmp_path):
    assert rounds(tmp_path, []) == {}
    assert settled(tmp_path / "missing.json") == {}


def test_starting_a_process_takes_some_time_here():
    with Launcher() as launcher:
        assert spawn_floor_s(launcher) > 0


def test_without_the_program_there_is_no_floor(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with Launcher() as launcher:
        assert spawn_floor_s(launcher) is None


def test_seconds_per_call_are_divided_once(sample, workload, tmp_path):
    function = "import time\ndef run():\n    time.sleep(0.002)\n    return {'ops': 7}\n"
    (tmp_path / "bench.py").write_text(function)
    call = PythonCall(call="bench:run", path=tmp_path, calls=60)
    metrics = (Metric(name="call_s", source="returned"), Metric(name="ops", source="returned"))
    space = Space(parameters=())
    taken = sample(workload(driver="python", python=call, metrics=metrics, space=space))
    assert taken.state is State.OK, taken.reason
    assert 0.002 <= taken.metrics["call_s"] <= taken.wall_s / 60
    assert taken.metrics["ops"] == 7
