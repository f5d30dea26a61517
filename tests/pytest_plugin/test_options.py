"""What the marker, the options and the ini file may say, and what is refused before anything is measured."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def marked(project: Path, arguments: str, signature: str = "autotune") -> None:
    (project / "tests/test_parse.py").write_text(
        f"import pytest\n\n@pytest.mark.autotune({arguments})\ndef test_parse({signature}):\n"
        "    autotune(len, 'x')\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("limmit='5%'", "has no argument 'limmit'. Known: workload, parameters, limit, metrics, inprocess."),
        ("limmit='5%'", "Did you mean 'limit'?"),
        ("'5%'", "takes named arguments alone"),
        ("metrics='seconds'", "metrics of the marker autotune is a list or tuple, found 'seconds'"),
        ("parameters={'n': [1, 2]}", "n is neither an argument of the test nor a parameter of a workload"),
    ],
)
def test_marker_is_refused_with_the_reason(project: Path, run: Run, arguments: str, told: str) -> None:
    marked(project, arguments)
    found = run("-q")
    assert found.returncode != 0
    assert told in found.stdout + found.stderr
    assert "Traceback" not in found.stdout + found.stderr


def test_marker_without_the_fixture_is_refused(project: Path, run: Run) -> None:
    marked(project, "limit='5%'", signature="")
    found = run("-q")
    assert found.returncode == 4
    assert "the test does not ask for the fixture" in found.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "autotune_pairs=3"], "autotune_pairs has to be a number of at least 6, found '3'"),
        (["-o", "autotune_on_undecided=maybe"], "is pass, warn or fail, found 'maybe'"),
        (["--autotune-update"], "--autotune-update needs --autotune-compare FILE.json"),
        (["--autotune", "--autotune-limit=five"], "five"),
        (["--autotune-export=benchr=x.json"], "there is no format 'benchr'"),
    ],
)
def test_option_is_refused_with_the_reason(run: Run, words: list[str], told: str) -> None:
    found = run("-q", *words)
    assert found.returncode == 4
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_limit_of_a_marker_is_refused_where_it_is_to_be_used(project: Path, run: Run) -> None:
    marked(project, "limit='five'")
    assert run("-q").returncode == 0
    found = run("-q", "--autotune")
    assert found.returncode == 4
    assert "tests/test_parse.py::test_parse: the limit 'five'" in found.stderr


def test_yaml_files_of_others_are_no_tests(project: Path, run: Run) -> None:
    (project / "files").mkdir()
    (project / "files/other.yaml").write_text("version: 1\nworkload: none of ours\n")
    (project / "files/ours.yaml").write_text("# a comment\n---\n\nworkload: ours\ncommand: ['true']\n")
    found = run("--collect-only", "-q", "files")
    assert "ours.yaml::check" in found.stdout
    assert "other.yaml" not in found.stdout


def test_sweep_makes_a_test_of_each_value(project: Path, run: Run) -> None:
    marked(project, "parameters={'n': [1, 2], 'm': ['a']}", signature="autotune, n, m")
    found = run("--collect-only", "-q")
    assert "test_parse[m=a-n=1]" in found.stdout or "test_parse[n=1-m=a]" in found.stdout
    assert "2 tests collected" in found.stdout


def test_session_that_measures_nothing_imports_nothing_heavy(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "import sys\n\ndef test_light(autotune):\n"
        "    assert autotune(len, 'x') == 1\n"
        "    heavy = {'numpy', 'scipy', 'pydantic', 'optuna', 'sqlalchemy', 'autotune.flow'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    found = run("-q")
    assert found.returncode == 0, found.stdout
