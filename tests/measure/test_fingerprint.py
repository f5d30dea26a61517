from __future__ import annotations

import subprocess
import sys

import pytest

from autotune.measure.fingerprint import fingerprint
from autotune.model.space import Space
from autotune.model.workload import PythonCall, Step, Workload


def workload(folder, **changed):
    given = {"name": "w", "driver": "command", "command": ("{python}", "job.py", "data.bin", "-n", "{x}")}
    return Workload(**{**given, "folder": folder, "metrics": (), "space": Space(parameters=()), **changed})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "job.py").write_text("print(1)")
    (tmp_path / "data.bin").write_text("7")
    return tmp_path


def git(folder, *arguments):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def test_machine_tool_and_workload_are_told(folder):
    found = fingerprint(workload(folder))
    assert {"machine.cpu_model", "machine.cpus", "machine.kernel", "machine.memory_mib"} <= found.keys()
    assert {"tool.version", "tool.source", "workload.program", "workload.script job.py"} <= found.keys()
    assert fingerprint(workload(folder)) == found


def test_a_changed_script_differs_and_changed_data_does_not(folder):
    before = fingerprint(workload(folder))
    (folder / "data.bin").write_text("8")
    assert fingerprint(workload(folder)) == before
    (folder / "job.py").write_text("print(2)")
    after = fingerprint(workload(folder))
    assert {name for name in after if after[name] != before[name]} == {"workload.script job.py"}


def test_templates_functions_and_steps_count(folder):
    (folder / "t.conf").write_text("a = 1")
    (folder / "bench.py").write_text("def run(): pass")
    found = fingerprint(
        workload(
            folder,
            command=(),
            python=PythonCall(call="bench:run", path=folder),
            files={"app.conf": folder / "t.conf"},
            reset=Step(command=("sh", "reset.sh")),
        )
    )
    assert {"workload.template app.conf", "workload.module", "workload.program"} <= found.keys()
    assert "workload.script reset.sh" not in found


def test_the_program_is_found_as_the_workload_finds_it(folder):
    other = fingerprint(workload(folder, command=("sh",)))["workload.program"]
    assert other != fingerprint(workload(folder, command=(sys.executable,)))["workload.program"]
    assert "workload.program" not in fingerprint(workload(folder, command=("no-such-program",)))


def test_governor_is_read_where_there_is_one(folder, tmp_path):
    place = tmp_path / "root/sys/devices/system/cpu/cpu0/cpufreq"
    place.mkdir(parents=True)
    (place / "scaling_governor").write_text("powersave\n")
    found = fingerprint(workload(folder), root=tmp_path / "root")
    assert found["machine.governor"] == "powersave"
    assert "machine.smt" not in found


def test_commit_and_dirty_flag_of_the_folder(folder):
    assert "source.git_commit" not in fingerprint(workload(folder))
    git(folder, "init", "-q")
    git(folder, "add", "job.py")
    git(folder, "commit", "-q", "-m", "first")
    clean = fingerprint(workload(folder))
    assert (len(clean["source.git_commit"]), clean["source.git_dirty"]) == (40, "no")
    (folder / "job.py").write_text("print(3)")
    assert fingerprint(workload(folder))["source.git_dirty"] == "yes"


def test_text_that_is_no_path_is_no_script(folder):
    assert fingerprint(workload(folder, command=("sh", "-c", "x" * 5000, "a\nb", ".")))
