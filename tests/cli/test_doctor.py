from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from autotune.cli.doctor import command
from autotune.core.errors import FileError

STUDY = """
study: s
workload:
  workload: w
  command: [no-such-program, "{x}"]
  metrics: {seconds: {wall: true}}
  parameters: {x: {int: [1, 8], default: 1}}
objective: {metric: seconds}
"""


def doctor(*arguments):
    return CliRunner().invoke(command, ["--seconds", "0.1", *map(str, arguments)], standalone_mode=False)


def test_findings_are_no_failure_and_each_has_its_line():
    done = doctor()
    assert not done.return_value
    assert done.exception is None
    lines = done.stdout.splitlines()
    assert any(line.split()[1:2] == ["governor"] for line in lines)
    assert "quiet-machine.md" in lines[-1]


def test_json_holds_every_finding_with_its_state():
    data = json.loads(doctor("--json").stdout)
    assert data["schema"] == "autotune.doctor/1"
    assert sum(data["counts"].values()) == len(data["findings"])
    assert {f["state"] for f in data["findings"]} <= {"ok", "noisy", "unable", "unknown"}
    assert data["findings"][0].keys() == {"name", "state", "seen", "why", "mend"}


def test_a_study_has_its_programs_looked_for(tmp_path):
    (tmp_path / "s.yaml").write_text(STUDY)
    found = json.loads(doctor(tmp_path / "s.yaml", "--json").stdout)["findings"]
    assert (found[0]["name"], found[0]["state"]) == ("program no-such-program", "unable")


def test_a_missing_template_is_a_finding(tmp_path):
    text = STUDY.replace("  metrics:", "  files: {a.conf: gone.conf}\n  metrics:")
    (tmp_path / "s.yaml").write_text(text)
    found = json.loads(doctor(tmp_path / "s.yaml", "--json").stdout)["findings"]
    assert found[0]["state"] == "unable"
    assert "gone.conf" in found[0]["seen"]


def test_a_file_that_is_not_there_is_bad_usage(tmp_path):
    with pytest.raises(FileError):
        raise doctor(tmp_path / "gone.yaml").exception
