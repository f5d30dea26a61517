from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("autotune")

pytestmark = pytest.mark.slow

STUDY = """\
study: five
workload:
  workload: formula
  command: ["{python}", "-I", "-S", "formula.py", "{a}", "{b}", "{c}", "{d}", "{e}"]
  timeout: 5s
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    a: {int: [0, 20], default: 4}
    b: {float: [0.0, 1.0], default: 0.5}
    c: {choice: [slow, fast, other], default: slow}
    d: {bool: true, default: false}
    e: {power_of_two: [1, 64], default: 8}
objective: {metric: score}
budget: {trials: 3}
validate: {candidates: 1, reduce: false, pairs: 8, min_gain: 2%}
"""

SCRIPT = """\
import random, sys
a, b, c, d, e = sys.argv[1:]
with open("runs", "a") as runs:
    noise = 1 + random.Random(runs.tell()).random() / 200
    runs.write(".")
print("score", 100 * (1 + int(a) / 10) * (2.0 if c == "fast" else 1.0) * noise)
"""

"""Noise by the number of the run: one in twenty screenings of other noise names what does not matter."""


@pytest.fixture
def five(folder):
    (folder / "study.yaml").write_text(STUDY)
    (folder / "formula.py").write_text(SCRIPT)
    return folder


@pytest.mark.usefixtures("five")
def test_screen_names_what_does_not_matter_and_run_leaves_it_alone(autotune):
    result = autotune("screen", "study.yaml", "--freeze", "frozen.yaml")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.strip().splitlines()
    assert "one measurement varies by" in lines[0]
    assert lines[1].split() == ["parameter", "change", "sigma", "steps", "noise", "reading"]
    matter = [line.split()[0] for line in lines if line.endswith(" matters")]
    assert sorted(matter) == ["a", "c"]
    assert any(line.startswith("not distinguishable from noise in") for line in lines)
    assert lines[-1] == "next     autotune run study.yaml --freeze frozen.yaml"
    run = autotune("run", "study.yaml", "--freeze", "frozen.yaml", "--json")
    configs = [trial["config"] for trial in json.loads(run.stdout)["trials"]]
    assert {(c["b"], c["d"], c["e"]) for c in configs} == {(0.5, False, 8)}


@pytest.mark.usefixtures("five")
def test_json_is_the_only_thing_on_standard_output(autotune):
    data = json.loads(autotune("screen", "study.yaml", "--json").stdout)
    assert data["schema"] == "autotune.screening/1"
    assert data["idle"] == ["b", "d", "e"]


@pytest.mark.usefixtures("five")
def test_noise_alone_is_undecided_and_freezes_nothing(autotune, folder):
    (folder / "formula.py").write_text("import os; print('score', 100 + os.urandom(1)[0] / 50)")
    result = autotune("screen", "study.yaml", "--freeze", "frozen.yaml")
    if result.returncode == 3:  # 19 times in 20
        assert "UNDECIDED" in result.stdout
        assert not (folder / "frozen.yaml").exists()


@pytest.mark.usefixtures("five")
def test_freezing_everything_or_the_unknown_is_bad_usage(autotune, folder):
    (folder / "frozen.yaml").write_text("freeze: [a, b, c, d, e]\n")
    result = autotune("run", "study.yaml", "--freeze", "frozen.yaml")
    assert result.returncode == 2
    assert "'freeze' names every parameter" in result.stderr
    (folder / "frozen.yaml").write_text("freeze: [aa]\n")
    result = autotune("run", "study.yaml", "--freeze", "frozen.yaml")
    assert result.returncode == 2
    assert "'aa' is no parameter" in result.stderr


@pytest.mark.parametrize("text", ["freeze: a\n", "frozen: [a]\n", "[a]\n", "freeze: [a]\nother: 1\n"])
@pytest.mark.usefixtures("five")
def test_another_file_is_refused(autotune, folder, text):
    (folder / "frozen.yaml").write_text(text)
    result = autotune("run", "study.yaml", "--freeze", "frozen.yaml")
    assert result.returncode == 2
    assert "frozen.yaml:1:1: expected 'freeze' with a list" in result.stderr


@pytest.mark.usefixtures("five")
def test_a_missing_file_is_bad_usage(autotune):
    assert autotune("run", "study.yaml", "--freeze", "none.yaml").returncode == 2


def test_an_interrupted_screening_says_how_to_go_on(five):
    (five / "formula.py").write_text(f"import time; time.sleep(0.2)\n{SCRIPT}")
    command = [COMMAND, "screen", "study.yaml", "--freeze", "frozen.yaml"]
    with subprocess.Popen(command, cwd=five, text=True, stdout=-1, stderr=-1) as process:
        for line in process.stderr:
            if line.strip().startswith("3/"):
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(60) == 130
    assert "Go on with: autotune screen study.yaml --freeze frozen.yaml" in rest
    result = subprocess.run(command, cwd=five, text=True, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "going on with run" in result.stderr
