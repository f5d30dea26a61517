from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autotune.flow.host import settled
from autotune.study.load import load

ROOT = Path(__file__).parent.parent.parent
STUDIES = sorted((ROOT / "studies").glob("*.yaml"))
FACTS = {"host.cpus": 2, "host.memory_mib": 4096}
TEN_MINUTES_S = 600
EXPLAINED = ["cpython-gc", "lightgbm", "numpy-chunks", "numpy-dgemm", "xz"]

each_study = pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)


@each_study
def test_study_asks_its_question_and_says_its_command_at_the_top(path):
    comment = "".join(re.findall(r"^# (.*)", path.read_text().partition("study:")[0], re.MULTILINE)[1:])
    assert f"autotune run studies/{path.name}" in comment


@each_study
def test_study_ends_within_ten_minutes(path):
    assert load(path, facts=FACTS, read=settled).budget.wall_s <= TEN_MINUTES_S


@each_study
def test_workload_checks_its_answers_and_explains_its_parameters(path):
    workload = load(path, facts=FACTS, read=settled).workload
    assert workload.check is not None
    if path.stem in EXPLAINED:
        assert [p.name for p in workload.space.parameters if not p.description] == []


@pytest.mark.parametrize("name", ["numpy-chunks", "numpy-dgemm"])
def test_script_by_hand_knows_every_parameter_and_prints_each_arm(name):
    study = load(ROOT / "studies" / f"{name}.yaml", facts=FACTS, read=settled)
    values = [f"{p.name}={default(p.default)}" for p in study.workload.space.parameters if not p.when]
    script = ROOT / "benchmarks" / "gallery" / f"{name}.sh"
    environment = os.environ | {"PYTHON": sys.executable}
    done = subprocess.run([script, "1", *values], env=environment, text=True, capture_output=True, check=True)
    arms = [line.split("\t") for line in done.stdout.splitlines()]
    assert [arm for arm, _ in arms] == ["baseline", "candidate"]
    assert all(float(value) > 0 for _, value in arms)


def default(value):
    if value is None:
        return "unset"
    return str(value).lower() if isinstance(value, bool) else value
