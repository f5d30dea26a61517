from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise

import pytest
from click.testing import CliRunner

from autotune.cli.check import command
from autotune.core.errors import FileError, UsageError

WORKLOAD = """\
workload: build
command: [make, "-j{jobs}"]
metrics: {seconds: {wall: true}}
parameters: {jobs: {int: [1, 8], default: 2}}
"""
STUDY = "study: first\nworkload: build.yaml\nobjective: {metric: seconds}\nbudget: {trials: 5}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "build.yaml").write_text(WORKLOAD)
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)


def test_a_right_study_is_ok_with_its_counts_and_cost(folder):
    done = run(folder / "study.yaml")
    assert done.exception is None
    assert done.output == (
        "OK: study first: 1 parameter, 8 configurations before constraints, 5 trials, 40 pairs at most\n"
        "expected: 56 to 132 samples; how long one takes is not known before the first run\n"
    )


def test_a_right_workload_is_ok(folder):
    assert run(folder / "build.yaml").output == (
        "OK: workload build: 1 parameter, 8 configurations before constraints\n"
    )


def test_json_holds_the_same_for_machines(folder):
    found = json.loads(run(folder / "study.yaml", "--json", "--set", "budget.trials=7").output)
    assert (found["ok"], found["kind"], found["trials"], found["configurations"]) == (True, "study", 7, 8)


def test_an_earlier_study_that_is_not_there_is_a_mistake(folder):
    (folder / "study.yaml").write_text(STUDY + "warm_start: reports/nowhere\n")
    done = run(folder / "study.yaml")
    assert isinstance(done.exception, UsageError)
    assert "there is no" in str(done.exception)


def test_a_space_of_the_baseline_alone_says_so(folder):
    (folder / "build.yaml").write_text(
        WORKLOAD.replace("{int: [1, 8], default: 2}", "{ordinal: [2], default: 2}")
    )
    done = run(folder / "study.yaml")
    assert "the parameters have one configuration, the baseline" in str(done.exception)


def test_mistakes_are_problems_in_json_with_exit_code_2(folder):
    done = run(folder / "study.yaml", "--json", "--set", "bugdet=3")
    assert done.return_value == 2
    (problem,) = json.loads(done.output)["problems"]
    assert (problem["file"], problem["line"]) == ("--set bugdet=3", 1)


def test_mistakes_in_text_reach_the_command_line_as_a_file_error(folder):
    done = run(folder / "study.yaml", "--set", "budget.trials=0")
    assert isinstance(done.exception, FileError)


def test_cautions_are_printed(folder):
    assert (
        "caution: 3 pairs cannot decide anything"
        in run(folder / "study.yaml", "--set", "validate.pairs=3").output
    )


@pytest.mark.parametrize(
    "text",
    [
        "&a [*a]",
        "[" * 5000,
        "study: !!python/object/apply:os.system ['touch side']",
        "a: &a [x]\n" + "".join(f"{n}: &{n} [*{o}, *{o}, *{o}, *{o}]\n" for o, n in pairwise("abcdefghi")),
        "study: \x00",
        "{study: s, workload: [}",
    ],
    ids=["cycle", "deep", "tag", "bomb", "nul", "broken"],
)  # fmt: skip
def test_a_hostile_file_ends_with_code_2_and_no_traceback(tmp_path, text):
    (tmp_path / "x.yaml").write_text(text)
    program = [sys.executable, "-m", "autotune", "check", "x.yaml"]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: x.yaml:1:")
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["x.yaml"]


def test_a_misspelt_first_key_hides_no_other_mistake(autotune, folder):
    (folder / "study.yaml").write_text(
        "studdy: demo\nworkload: build.yaml\nobjective: {metric: scare}\nbudget: {trial: 3}\n"
    )
    for name in ("check", "run"):
        done = autotune(name, "study.yaml")
        assert done.returncode == 2
        assert "key 'study' is missing" in done.stderr
        assert "Did you mean 'study'?" in done.stderr
        assert "'scare' is no metric" in done.stderr
        assert "unknown key 'trial'" in done.stderr
        assert "unknown key 'objective'" not in done.stderr


def test_an_item_of_a_list_that_is_not_there_is_named(autotune):
    done = autotune("check", "study.yaml", "--set", "limits.0=score >= 1")
    assert done.returncode == 2
    assert "there is no list at limits" in done.stderr


def test_a_space_of_hundreds_of_parameters_and_a_choice_of_a_thousand_is_told(tmp_path, autotune):
    values = ", ".join(f"v{n}" for n in range(1000))
    parameters = "\n".join(
        f"    p{n}: {{int: [1, 1000], default: 1, apply: {{env: P{n}}}}}" for n in range(199)
    )
    (tmp_path / "big.yaml").write_text(
        "study: big\nworkload:\n  workload: w\n  command: ['true']\n  metrics: {s: {wall: true}}\n"
        f"  parameters:\n{parameters}\n    c: {{choice: [{values}], default: v0, apply: {{env: C}}}}\n"
        "objective: {metric: s}\n"
    )
    further = ("--set", "workload.parameters.f={float: [0, 1], default: 0.5, apply: {env: F}}")
    for more, told in (((), "about 10^600 configurations"), (further, "a continuous space")):
        done = autotune("check", str(tmp_path / "big.yaml"), *more)
        assert done.returncode == 0
        assert told in done.stdout


def test_constraints_that_contradict_each_other_end_a_run_before_the_baseline(tmp_path, autotune):
    (tmp_path / "bad.yaml").write_text(
        "study: bad\nworkload:\n  workload: w\n  command: ['true', '{a}', '{b}']\n"
        "  metrics: {s: {wall: true}}\n  parameters:\n    a: {int: [1, 100000], default: 1}\n"
        "    b: {int: [1, 100000], default: 1}\n  constraints: [a + b > 5, a > 2 * b, b > a]\n"
        "objective: {metric: s}\n"
    )
    done = autotune("run", str(tmp_path / "bad.yaml"), "--reports", str(tmp_path / "reports"))
    assert done.returncode == 2
    assert "'a > 2 * b' and 'b > a' contradict each other, where a is int from 1 to 100000" in done.stderr
    assert not (tmp_path / "reports").exists()
