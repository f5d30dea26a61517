"""Functions in a real session of pytest: run once by default, measured and gated where that is asked for."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]

pytestmark = pytest.mark.slow


def trees(project: Path) -> list[str]:
    """Its working trees, itself among them."""
    words = ["git", "worktree", "list"]
    return subprocess.run(words, cwd=project, capture_output=True, text=True, check=True).stdout.splitlines()


def test_off_by_default_a_function_runs_once(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "calls = []\n\ndef test_parse(autotune):\n"
        "    assert autotune(calls.append, 1) is None\n    assert calls == [1]\n"
    )
    found = run("-q")
    assert found.returncode == 0, found.stdout
    assert "autotune" not in found.stdout


def test_measured_alone_it_is_told_with_its_samples(project: Path, run: Run) -> None:
    found = run("--autotune", "--autotune-json=out.json")
    assert found.returncode == 0, found.stdout
    assert "MEASURED  tests/test_parse.py::test_parse  seconds 0.02" in found.stdout
    data = json.loads((project / "out.json").read_text())
    assert data["schema"] == "autotune.gate/1"
    (samples,) = data["workloads"]["tests/test_parse.py::test_parse"]["rounds"]
    assert [one["pair"] for one in samples] == list(range(8))
    assert all(one["metrics"]["seconds"] >= 0.02 for one in samples)


def test_process_that_measures_ends_after_the_call_and_tears_down(project: Path, run: Run) -> None:
    (project / "tests/conftest.py").write_text(
        "import pytest\nfrom pathlib import Path\n\nPLACE = Path(__file__).parent\n\n\n"
        "def note(word):\n    with (PLACE / 'notes.txt').open('a') as notes:\n"
        "        notes.write(word + '\\n')\n\n\n"
        "@pytest.fixture(scope='session')\ndef server():\n    note('up')\n    yield\n    note('down')\n\n\n"
        "def pytest_terminal_summary():\n    note('summary')\n"
    )
    (project / "tests/test_parse.py").write_text(
        "from conftest import note\nfrom mypkg import parse\n\n\n"
        "def test_parse(autotune, server):\n    autotune(parse)\n    note('after')\n"
    )
    found = run("--autotune")
    assert found.returncode == 0, found.stdout
    notes = (project / "tests/notes.txt").read_text().split()
    assert notes.count("up") == notes.count("down") > 8
    assert notes.count("summary") == notes.count("after") == 1


def test_only_leaves_other_tests_out(run: Run) -> None:
    found = run("--autotune-only", "--collect-only", "-q")
    assert "test_parse.py::test_parse" in found.stdout
    assert "test_plain" not in found.stdout


def test_regression_fails_the_test_itself(slower: Path, run: Run) -> None:
    found = run("--autotune-compare=HEAD", "--junit-xml=out.xml")
    assert found.returncode == 1, found.stdout
    assert "FAILED tests/test_parse.py::test_parse - Failed: fail: seconds +1" in found.stdout or (
        "FAILED tests/test_parse.py::test_parse - Failed: fail: seconds +9" in found.stdout
    )
    assert "limit +5.0 %" in found.stdout
    assert "failed 2 of 2" in found.stdout
    failure = ET.parse(slower / "out.xml").find(".//testcase[@name='test_parse']/failure")
    assert failure is not None
    again = run("--lf", "--collect-only", "-q", plugins=("cacheprovider",))
    assert "test_parse.py::test_parse" in again.stdout
    assert "test_plain" not in again.stdout
    assert len(trees(slower)) == 1


def test_equal_code_passes(run: Run) -> None:
    found = run("--autotune-compare=HEAD")
    assert found.returncode == 0, found.stdout
    assert "PASS      tests/test_parse.py::test_parse  seconds" in found.stdout


def test_terminated_session_leaves_no_tree_and_no_folder(project: Path, start: Start, tmp_path: Path) -> None:
    process = start("--autotune-compare=HEAD", TMPDIR=str(tmp_path / "scratch"))
    until = time.monotonic() + 60
    while len(trees(project)) == 1 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(trees(project)) == 2
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, said
    assert not list((tmp_path / "scratch").iterdir())
    assert len(trees(project)) == 1


def test_new_test_is_no_failure(project: Path, run: Run) -> None:
    tests = project / "tests/test_parse.py"
    tests.write_text(tests.read_text() + "\n\ndef test_new(autotune):\n    autotune(parse)\n")
    found = run("--autotune-compare=HEAD", "-k", "test_new")
    assert found.returncode == 0, found.stdout
    assert "NEW       tests/test_parse.py::test_new  " in found.stdout
    assert "does not have this test" in found.stdout


def test_metric_that_there_is_not_fails_the_test(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "import pytest\nfrom mypkg import parse\n\n"
        "@pytest.mark.autotune(metrics=['secnds'])\ndef test_parse(autotune):\n    autotune(parse)\n"
    )
    found = run("--autotune")
    assert found.returncode == 1
    assert "metrics of the marker or of autotune_metrics: secnds: there is no such metric" in found.stdout
    assert "Did you mean 'seconds'?" in found.stdout


def test_async_function_is_refused_with_what_to_write(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "async def parse():\n    return 1\n\ndef test_parse(autotune):\n    autotune(parse)\n"
    )
    found = run()
    assert found.returncode == 1
    assert "autotune(lambda: asyncio.run(f()))" in found.stdout


def test_fixture_is_no_parameter_of_a_sweep(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "import pytest\n\n@pytest.mark.autotune(parameters={'autotune': [1]})\n"
        "def test_parse(autotune):\n    autotune(len, 'a')\n"
    )
    found = run()
    assert found.returncode != 0
    assert "autotune is the fixture, and no parameter" in found.stdout


def test_base_that_fails_is_undecided_with_the_reason(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "from mypkg import parse, more\n\ndef test_parse(autotune):\n    autotune(parse)\n"
    )
    subprocess.run(["git", "add", "--all"], cwd=project, check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", *identity, "commit", "-qm", "Break"], cwd=project, check=True)
    module = project / "src/mypkg/__init__.py"
    module.write_text(module.read_text() + "\n\ndef more():\n    pass\n")
    found = run("--autotune-compare=HEAD", "-o", "autotune_on_undecided=fail")
    assert found.returncode == 1, found.stdout
    assert "undecided: the base" in found.stdout


def test_head_that_fails_is_red_as_any_test(project: Path, run: Run) -> None:
    (project / "src/mypkg/__init__.py").write_text("def parse():\n    raise ValueError('broken')\n")
    found = run("--autotune-compare=HEAD")
    assert found.returncode == 1
    assert "ValueError: broken" in found.stdout


def test_session_that_compares_nothing_is_red(run: Run) -> None:
    found = run("--autotune-compare=HEAD", "-k", "test_plain")
    assert found.returncode == 1
    assert "nothing was compared, and a gate that looks at nothing does not pass" in found.stdout


def test_base_that_imports_the_heads_code_is_no_base(slower: Path, run: Run) -> None:
    """As where an installed package points into the working tree, whatever the path says."""
    (slower / "tests/conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(slower / 'src')!r})\n", encoding="utf-8"
    )
    (slower / "pyproject.toml").write_text("[tool.pytest.ini_options]\nautotune_pairs = 8\n")
    subprocess.run(["git", "add", "--all"], cwd=slower, check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", *identity, "commit", "-qm", "Slower"], cwd=slower, check=True)
    found = run("--autotune-compare=HEAD~0")
    assert "UNDECIDED" in found.stdout, found.stdout
    assert "the base runs modules of the working tree (mypkg)" in found.stdout
    assert found.returncode == 1


def test_unknown_commit_is_undecided_and_red(run: Run) -> None:
    found = run("--autotune-compare=no-such-branch")
    assert found.returncode == 1
    assert "'no-such-branch' is no commit of" in found.stdout


@pytest.mark.parametrize(
    ("watcher", "word"),
    [("sys.settrace(lambda *_: None)", "a tracer"), ("sys.setprofile(lambda *_: None)", "a profiler")],
)
def test_no_verdict_under_a_tracer(project: Path, run: Run, watcher: str, word: str) -> None:
    (project / "tests/conftest.py").write_text(f"import sys\n{watcher}\n")
    found = run("--autotune-compare=HEAD")
    assert found.returncode == 1
    assert f"UNDECIDED tests/test_parse.py::test_parse  under {word}" in found.stdout


def test_function_in_this_process_is_measured_without_others(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "import os\nimport pytest\nfrom mypkg import parse\n\n"
        "@pytest.mark.autotune(inprocess=True)\ndef test_parse(autotune):\n"
        "    assert 'PYTEST_XDIST_WORKER' not in os.environ\n    autotune(parse, 0.01)\n"
    )
    found = run("--autotune")
    assert found.returncode == 0, found.stdout
    assert "seconds 0.01" in found.stdout
    compared = run("--autotune-compare=HEAD")
    assert compared.returncode == 1
    assert "inprocess=True cannot run the base's code" in compared.stdout


def test_two_calls_in_a_measured_test_are_refused(project: Path, run: Run) -> None:
    (project / "tests/test_parse.py").write_text(
        "def test_twice(autotune):\n    autotune(len, 'a')\n    autotune(len, 'b')\n"
    )
    assert run().returncode == 0
    found = run("--autotune")
    assert found.returncode == 1
    assert "is measured once in a test: split the test" in found.stdout


def test_workers_of_xdist_measure_one_after_the_other(project: Path, run: Run) -> None:
    """Under a lock: with some versions of pytest, groups of pytest-xdist keep nothing together."""
    (project / "tests/test_more.py").write_text(
        "from mypkg import parse\n\ndef test_more(autotune):\n    autotune(parse)\n"
    )
    found = run("-n", "4", "--autotune", "--autotune-json=out.json", plugins=("xdist",))
    assert found.returncode == 0, found.stdout
    data = json.loads((project / "out.json").read_text())["workloads"]
    assert set(data) == {"tests/test_parse.py::test_parse", "tests/test_more.py::test_more"}
    spans = sorted(
        (min(one["monotonic"] for one in samples), max(one["monotonic"] + one["wall_s"] for one in samples))
        for (samples,) in (one["rounds"] for one in data.values())
    )
    assert spans[0][1] <= spans[1][0]


def test_no_cache_provider_is_needed(run: Run) -> None:
    found = run("--autotune", "-p", "no:cacheprovider")
    assert found.returncode == 0, found.stdout
    assert "MEASURED" in found.stdout
