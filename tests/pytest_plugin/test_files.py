"""Recorded results as the base, YAML files as tests, tunings, and the files of other tools."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.slow

WORKLOAD = """\
workload: work
command: ["{python}", "-I", "-S", "work.py", "{size}"]
metrics:
  cost: {regex: 'cost (\\S+)'}
parameters:
  size: {int: [1, 9], default: 5}
"""
PROGRAM = "import sys, time\nprint('cost', int(sys.argv[1]) * (1 + time.time() % 0.01))\n"


@pytest.fixture
def workload(project: Path) -> Path:
    """The project with a workload file in its last commit."""
    folder = project / "workloads"
    folder.mkdir()
    (folder / "work.yaml").write_text(WORKLOAD)
    (folder / "work.py").write_text(PROGRAM)
    commit(project, "Work")
    return folder / "work.yaml"


def commit(project: Path, subject: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", "add", "--all"], cwd=project, check=True)
    subprocess.run(["git", *identity, "commit", "-qm", subject], cwd=project, check=True)


def test_recorded_results_are_a_base(project: Path, run: Run) -> None:
    made = run("--autotune-compare=base.json", "--autotune-update")
    assert made.returncode == 0, made.stdout
    module = project / "src/mypkg/__init__.py"
    module.write_text(module.read_text().replace("sleep(seconds)", "sleep(1.2 * seconds)"))
    found = run("--autotune-compare=base.json")
    assert found.returncode == 1, found.stdout
    assert "FAIL      tests/test_parse.py::test_parse  seconds +" in found.stdout


def test_file_without_any_of_the_tests_is_red(project: Path, run: Run) -> None:
    assert run("--autotune-compare=base.json", "--autotune-update").returncode == 0
    data = json.loads((project / "base.json").read_text())
    data["workloads"] = {f"another {name}": one for name, one in data["workloads"].items()}
    (project / "base.json").write_text(json.dumps(data))
    found = run("--autotune-compare=base.json")
    assert found.returncode == 1
    assert "nothing was compared" in found.stdout


def test_results_of_another_machine_are_undecided(project: Path, run: Run) -> None:
    assert run("--autotune-compare=base.json", "--autotune-update").returncode == 0
    data = json.loads((project / "base.json").read_text())
    for one in data["workloads"].values():
        changed = {name: "another" for name in one["fingerprint"] if name.startswith("machine.")}
        one["fingerprint"] |= changed
    (project / "base.json").write_text(json.dumps(data))
    found = run("--autotune-compare=base.json")
    assert "UNDECIDED" in found.stdout
    assert "another machine" in found.stdout


def test_results_of_a_later_schema_are_refused(project: Path, run: Run) -> None:
    (project / "base.json").write_text(json.dumps({"schema": "autotune.gate/99"}))
    found = run("--autotune-compare=base.json")
    assert found.returncode == 1
    assert "has schema autotune.gate/99" in found.stdout


def test_yaml_files_are_tests(workload: Path, run: Run) -> None:
    (workload.parent / "wrong.yaml").write_text("workload: wrong\ncommnd: [true]\n")
    (workload.parent / "other.yaml").write_text("services: {}\n")
    found = run("workloads", "-v")
    assert found.returncode == 1
    assert "work.yaml::check PASSED" in found.stdout
    assert "wrong.yaml::check FAILED" in found.stdout
    assert "Did you mean 'command'?" in found.stdout
    assert "Traceback" not in found.stdout
    assert "other.yaml" not in found.stdout


def test_yaml_gate_fails_its_item(workload: Path, run: Run) -> None:
    program = workload.parent / "work.py"
    program.write_text(program.read_text().replace("'cost', int", "'cost', 1.2 * int"))
    found = run("workloads", "-v", "--autotune-compare=HEAD")
    assert found.returncode == 1, found.stdout
    assert "work.yaml::gate[cost] FAILED" in found.stdout
    assert "work.yaml::check PASSED" in found.stdout
    chosen = run("workloads", "-k", "check", "--collect-only", "-q")
    assert "gate" not in chosen.stdout


def test_marker_measures_a_workload_and_sweeps_it(workload: Path, run: Run) -> None:
    (workload.parent.parent / "tests/test_parse.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.autotune(workload='../workloads/work.yaml', parameters={'size': [2, 3]})\n"
        "def test_work(autotune):\n    assert autotune()['cost'] < 3.1\n"
    )
    commit(workload.parent.parent, "Sweep")
    assert run("-q").returncode == 0
    found = run("--autotune-compare=HEAD")
    assert found.returncode == 0, found.stdout
    assert "PASS      tests/test_parse.py::test_work[size=2]  cost" in found.stdout
    assert "PASS      tests/test_parse.py::test_work[size=3]  cost" in found.stdout


def test_tuning_inside_pytest_gives_the_proven_arguments(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "import time\n\n"
        "def work(level, mode):\n    time.sleep(0.004 * level * (2 if mode == 'slow' else 1))\n\n"
        "def test_tuned(autotune):\n"
        "    space = {'level': {'int': [1, 9], 'default': 5}, "
        "'mode': {'choice': ['slow', 'fast'], 'default': 'slow'}}\n"
        "    found = autotune.tune(work, space, trials=12, pairs=8)\n"
        "    print('best', found.best, found.result, found.report)\n"
        "    if found.result:\n"
        "        assert found.proven\n"
        "        assert found.best['mode'] == 'fast'\n"
        "        assert found.report.is_file()\n"
        "    else:\n"
        "        assert found.best == {'level': 5, 'mode': 'slow'}\n"
    )
    plain = run("-q", "-s")
    assert plain.returncode == 0, plain.stdout
    assert "best {'level': 5, 'mode': 'slow'}" in plain.stdout
    found = run("--autotune", "-s")
    assert found.returncode == 0, found.stdout
    assert " better " in found.stdout
