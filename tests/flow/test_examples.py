"""The studies that come along: whole when they are copied, and in a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autotune.core.errors import UsageError
from autotune.flow.examples import copy, examples, first, named
from autotune.flow.host import settled
from autotune.study.load import load

ROOT = Path(__file__).parents[2]
FACTS = {"host.cpus": 2, "host.memory_mib": 4096}
STUDY = (
    "# Is it fast? As root: autotune run studies/my-app.yaml\nstudy: x\nworkload: ../workloads/my-app.yaml\n"
)
WORKLOAD = """# yaml-language-server: $schema=x
workload: my-app
command: ["{python}", tool.py, "--config={out}/a.conf", "/etc/passwd", "../studies/other.yaml"]
files: {a.conf: templates/a.conf}
metrics: {seconds: {wall: true}}
"""


@pytest.fixture
def home(tmp_path):
    for path, text in {
        "studies/my-app.yaml": STUDY,
        "workloads/my-app.yaml": WORKLOAD,
        "workloads/my_app_load.py": "",
        "workloads/my-app.conf": "",
        "workloads/my-application.py": "",
        "workloads/my-app_more.yaml": "",
        "workloads/tool.py": "",
        "workloads/templates/a.conf": "",
        "workloads/other.py": "",
        "workloads/__pycache__/my_app_load.pyc": "",
    }.items():
        (tmp_path / "home" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home" / path).write_text(text)
    return tmp_path / "home"


def test_an_example_has_what_is_called_as_it_is_and_what_it_names(home):
    found = named("my-app", home)
    assert found.about == "Is it fast?"
    assert sorted(map(str, found.files)) == [
        "studies/my-app.yaml",
        "workloads/my-app.conf",
        "workloads/my-app.yaml",
        "workloads/my_app_load.py",
        "workloads/templates/a.conf",
        "workloads/tool.py",
    ]


def test_a_file_that_is_there_is_not_overwritten_and_nothing_else_is_written(home, tmp_path):
    there = tmp_path / "mine" / "workloads" / "tool.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(UsageError, match=r"tool\.py is there already"):
        copy(named("my-app", home), tmp_path / "mine")
    assert [path for path in (tmp_path / "mine").rglob("*") if path.is_file()] == [there]
    assert there.read_text() == "mine"


def test_a_wrong_name_is_refused(home):
    with pytest.raises(UsageError, match="Did you mean 'my-app'"):
        named("my-ap", home)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_is_right_in_a_folder_of_its_own(example, tmp_path):
    copy(example, tmp_path)
    study = load(tmp_path / "studies" / f"{example.name}.yaml", facts=FACTS, read=settled)
    assert example.about
    words = [*study.workload.command, *(study.workload.check.command if study.workload.check else ())]
    scripts = [word for word in words if word.endswith((".py", ".sh"))]
    assert [script for script in scripts if not (study.workload.folder / script).exists()] == []


def test_the_first_study_is_right(tmp_path):
    copy(first(), tmp_path)
    assert load(tmp_path / "study.yaml", facts=FACTS).name == "first"


@pytest.mark.slow
def test_a_wheel_brings_the_examples(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    subprocess.run(
        [sys.executable, "-m", "autotune", "init", "--example", "quickstart", "mine"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "mine" / "workloads" / "sqlite_oltp.py").exists()
    kept = {
        path.relative_to(tmp_path / "site" / "autotune" / "examples")
        for path in (tmp_path / "site").rglob("*.yaml")
    }
    there = {
        Path(folder, path.name)
        for folder in ("studies", "workloads")
        for path in (ROOT / folder).glob("*.yaml")
    }
    assert kept == there | {Path("first/study.yaml")}
