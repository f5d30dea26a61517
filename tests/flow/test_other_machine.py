from __future__ import annotations

import json

import pytest

from autotune.core.errors import UsageError
from autotune.flow.run import run
from autotune.study.load import load

OTHER = "import sys; print('score', 200 + int(sys.argv[1]))"


def again(desk, recorder, **choice):
    study = load(desk.folder / "study.yaml", facts={"host.cpus": 2, "host.memory_mib": 4096})
    seen = recorder()
    reports = desk.reports
    return run(study, reports=reports, fresh=False, listener=seen, launcher=desk.launcher, **choice), seen


@pytest.fixture
def stopped(desk, recorder):
    with pytest.raises(KeyboardInterrupt):
        desk.run(listener=recorder(stop_at_trial=1))
    return desk


def test_a_changed_workload_refuses_to_go_on_and_names_it(stopped):
    stopped.write(script=OTHER)
    with pytest.raises(UsageError, match=r"workload.script formula.py: \w+ -> \w+[\s\S]*--accept-changes"):
        stopped.run()


def test_accepted_changes_go_on_and_are_told_in_note_report_and_results(stopped, recorder):
    stopped.write(script=OTHER)
    found, seen = again(stopped, recorder, accept_changes=True)
    assert any("changed since the run was started: workload.script" in note for note in seen.notes)
    assert "from before and after a change" in found.report_path.read_text()
    data = json.loads(found.results_path.read_text())
    assert len(data["host"]["accepted_changes"]) == 1
    assert again(stopped, recorder)[0].verdict == found.verdict


def test_fresh_asks_for_no_acceptance(stopped):
    stopped.write(script=OTHER)
    assert stopped.run(fresh=True).record.baseline[0].metrics["score"] == 200


def test_another_version_of_the_tool_is_told_and_goes_on(stopped, recorder, monkeypatch):
    monkeypatch.setattr("autotune.__version__", "9.9")
    found, seen = again(stopped, recorder)
    assert any("tool.version" in note for note in seen.notes)
    assert found.record.host["accepted_changes"] == []
