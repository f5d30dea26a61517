"""The command as a user starts it: a real process in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("autotune")

STUDY = """\
study: demo
workload:
  workload: formula
  driver: command
  command: ["{python}", "-I", "-S", "formula.py", "{x}"]
  timeout: 2s
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    x: {int: [0, 20], default: 0}
objective: {metric: score}
sampler: {name: random, seed: 3}
budget: {trials: 3}
validate: {candidates: 1, reduce: false, pairs: 8, min_gain: 2%}
"""

SCRIPT = """\
import sys
print("score", 100 + int(sys.argv[1]))
"""

Autotune = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "formula.py").write_text(SCRIPT)
    return tmp_path


@pytest.fixture
def autotune(folder: Path) -> Autotune:
    def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=folder,
            text=True,
            capture_output=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
            **options,
        )

    return call


@pytest.fixture(scope="session")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of one finished run, for tests that only look at them or damage a copy."""
    place = tmp_path_factory.mktemp("finished")
    (place / "study.yaml").write_text(STUDY)
    (place / "formula.py").write_text(SCRIPT)
    subprocess.run([COMMAND, "run", "study.yaml"], cwd=place, check=True, capture_output=True)
    return place / "reports"


@pytest.fixture
def finished(folder: Path, one_run: Path) -> Path:
    """The folder with a run of its study that has ended."""
    shutil.copytree(one_run, folder / "reports", symlinks=True)
    return folder
