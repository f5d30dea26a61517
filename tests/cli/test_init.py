"""`autotune init` as a stranger uses it, in an empty folder."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autotune.cli.init import command
from autotune.core.errors import AutotuneError

COMMAND = Path(sys.executable).with_name("autotune")

JSON = """\
import json, sys
depth = int(sys.argv[1].partition("=")[2])
print(json.dumps({"ops_per_s": 1000 + depth, "p95_ms": 2.5}))
"""


@pytest.fixture
def init(tmp_path):
    def call(*arguments, **options):
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=tmp_path,
            text=True,
            capture_output=True,
            check=False,
            timeout=200,
            stdin=subprocess.DEVNULL,
            **options,
        )

    return call


def script(folder, text, name="my {bench} 1.py"):
    (folder / name).write_text(text)
    return shlex.join([sys.executable, "-I", "-S", name])


def test_a_command_of_one_s_own_is_measured_right_away(init, tmp_path):
    done = init("init", "--from-command", f"{script(tmp_path, JSON)} --depth=7")
    assert done.returncode == 0, done.stderr
    assert "ops_per_s" in done.stdout.splitlines()[1]
    assert "the objective" in done.stdout.splitlines()[1]
    assert "parameters  depth 3 to 14 (now 7)" in done.stdout
    assert done.stdout.splitlines()[-2:] == [
        "next  autotune bench study.yaml --runs 3",
        "then  autotune run study.yaml",
    ]
    assert init("check", "study.yaml").returncode == 0
    measured = json.loads(init("bench", "study.yaml", "--runs", "2", "--warmups", "0", "--json").stdout)
    assert [sample["metrics"]["ops_per_s"] for sample in measured["samples"]] == [1007, 1007]


def test_without_a_parameter_it_says_what_to_fill_in_and_bench_runs(init, tmp_path):
    done = init("init", "--from-command", script(tmp_path, "print('speed: 3 MB/s')"), "--out", "sub/s.yaml")
    assert done.returncode == 0, done.stderr
    number = int(done.stdout.partition("sub/s.yaml, line ")[2].partition(";")[0])
    lines = (tmp_path / "sub" / "s.yaml").read_text().splitlines()
    assert "FILL IN" in done.stdout
    assert lines[number - 1].strip().startswith("parameters: {}")
    assert init("bench", "sub/s.yaml", "--runs", "1", "--warmups", "0").returncode == 0
    checked = init("check", "sub/s.yaml")
    assert checked.returncode == 2
    assert f"sub/s.yaml:{number}:" in checked.stderr


def test_what_a_run_leaves_and_the_next_one_minds_is_removed_by_a_reset(init, tmp_path):
    line = script(tmp_path, "open('out {x}', 'x').write('1')")
    assert init("init", "--from-command", line).returncode == 0
    assert (tmp_path / "out {x}").exists()
    assert init("bench", "study.yaml", "--runs", "2", "--warmups", "0").returncode == 0


FAILING = {
    "fails": ("import sys; sys.exit('no data')", 4, "no data"),
    "never ends": ("import time; time.sleep(99)", 4, "exceeded its time-out"),
    "asks": ("input()", 4, "EOF"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_a_command_that_does_not_run_well_leaves_nothing(init, tmp_path, kind):
    text, code, told = FAILING[kind]
    done = init("init", "--from-command", script(tmp_path, text), "--timeout", "1s")
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback (most" not in done.stderr.partition("\n  |")[0]
    assert not (tmp_path / "study.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--from-command", "no-such-program -j4"), 4, "program no-such-program"),
        (("--from-command", "ls | wc"), 2, "Write the line into a script"),
        (("--from-command", "ls 'x"), 2, "quotation"),
        (("--from-command", " "), 2, "no command was given"),
        (("--from-command", "ls '\x1b'"), 2, "cannot be printed"),
        (("--from-command", "true", "--name", "a b"), 2, "--name"),
        (("--from-command", "true", "--timeout", "1"), 2, "--timeout"),
        (("--from-command", "true", "--example", "x"), 2, "two ways"),
        (("",), 2, "FOLDER is empty"),
        (("--from-command", "true", ""), 2, "FOLDER is empty"),
        (("--out", "x.yaml"), 2, "--from-command"),
        (("--example", "quickstar"), 2, "Did you mean 'quickstart'"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path, monkeypatch, arguments, code, told):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert isinstance(done.exception, AutotuneError)
    assert done.exception.exit_code == code
    assert told in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_silence_is_told_and_leaves_the_time(init, tmp_path):
    done = init("init", "--from-command", script(tmp_path, "import sys; print('1 MB/s', file=sys.stderr)"))
    assert "standard error" in done.stdout
    assert "seconds" in done.stdout.splitlines()[1]


def test_the_least_level_is_no_finding_and_binary_data_no_metric(init, tmp_path):
    text = "import sys; sys.stdout.buffer.write(b'speed: 3 MB/s' + bytes(range(256)))"
    done = init("init", "--from-command", f"{script(tmp_path, text)} -c -6")
    assert done.returncode == 0, done.stderr
    assert "it prints binary data" in done.stdout
    assert "note: level: without a limit" in done.stdout
    assert "# level trades quality or size for time" in (tmp_path / "study.yaml").read_text()
    assert init("check", "study.yaml").returncode == 0


def test_decimal_commas_are_told(init, tmp_path):
    done = init("init", "--from-command", script(tmp_path, "print('tempo: 12,5 ms')"))
    assert "numbers such as '12,5 ms' are not read" in done.stdout


def test_a_table_with_a_header_is_measured_by_its_columns(init, tmp_path):
    line = script(tmp_path, "print('name,ops_per_sec\\nread,1000\\nwrite,3000')")
    assert "ops_per_sec" in init("init", "--from-command", line).stdout.splitlines()[1]
    measured = json.loads(init("bench", "study.yaml", "--runs", "1", "--warmups", "0", "--json").stdout)
    assert measured["samples"][0]["metrics"]["ops_per_sec"] == 2000


@pytest.mark.parametrize("arguments", [(), ("--from-command", "true")])
def test_nothing_is_overwritten(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.yaml").write_text("mine")
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "there already" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]
    assert (tmp_path / "study.yaml").read_text() == "mine"


def test_examples_are_listed_each_with_its_question():
    done = CliRunner().invoke(command, ["--example"], standalone_mode=False)
    assert any(line.startswith("quickstart ") and line.endswith("?") for line in done.stdout.splitlines())
    told = CliRunner().invoke(command, ["--example", "--json"], standalone_mode=False).stdout
    assert {one["name"] for one in json.loads(told)} >= {"quickstart"}


@pytest.mark.slow
def test_an_example_is_measured_from_a_folder_of_its_own(init, tmp_path):
    done = init("init", "--example", "quickstart", "mine")
    assert done.returncode == 0, done.stderr
    assert "autotune run mine/studies/quickstart.yaml" in done.stdout
    study = tmp_path / "mine" / "studies" / "quickstart.yaml"
    assert init("bench", str(study), "--runs", "1", "--warmups", "0").returncode == 0


@pytest.mark.slow
def test_the_first_study_runs(init):
    assert init("init", "here").returncode == 0
    done = init("bench", "here/study.yaml", "--runs", "1", "--warmups", "0", "--json")
    assert json.loads(done.stdout)["samples"][0]["metrics"]["rows_per_s"] > 0


def test_json_says_what_was_proposed(init, tmp_path):
    done = init("init", "--json", "--from-command", f"{script(tmp_path, JSON)} --depth=7", "--out", "a.yaml")
    told = json.loads(done.stdout)
    assert (told["file"], told["objective"]) == ("a.yaml", "ops_per_s")
    assert told["parameters"] == [{"name": "depth", "low": 3, "high": 14, "default": 7}]
