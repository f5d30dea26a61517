from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.cli import program
from autotune.core.errors import AutotuneError

Autotune = Callable[..., subprocess.CompletedProcess[str]]


def test_bare_command_is_measured_with_its_resources(autotune: Autotune, folder: Path) -> None:
    done = autotune("bench", "--runs", "3", "--", "sh", "-c", "echo '{}'; exit 0")
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 3)
    assert done.stdout.startswith("sh: 3 samples\nper sample")
    for name in ("wall_s", "cpu_s", "peak_memory_bytes"):
        assert f"\n{name} " in done.stdout
    assert not (folder / "reports").exists()


def test_study_is_measured_under_the_values_that_are_set(autotune: Autotune) -> None:
    done = autotune("bench", "study.yaml", "--runs", "6", "--set", "x=7", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["schema"], found["config"], len(found["samples"])) == ("autotune.bench/1", {"x": 7}, 6)
    score = next(row for row in found["rows"] if row["name"] == "score")
    assert (score["median"], score["n"], score["interval"], score["values"]) == (107, 6, "ci95", [107] * 6)
    assert score["source"] == "workload (regex)"
    assert {"cpu_s", "wall_s"} <= {row["name"] for row in found["rows"]}


def test_json_carries_the_fingerprint_that_a_run_records(autotune: Autotune) -> None:
    sweep = ("--runs", "6", "--warmups", "0", "--sweep", "x=1..2", "--limit", "score <= 90")
    for more in (("--runs", "1"), sweep):
        found = json.loads(autotune("bench", "study.yaml", "--json", *more).stdout)
        fields = found["host"]["fingerprint"].keys()
        assert {"machine.cpus", "tool.version", "workload.script formula.py"} <= fields


def test_left_over_processes_are_told_in_a_warning(autotune: Autotune) -> None:
    done = autotune("bench", "--runs", "2", "--", "sh", "-c", "sleep 5 & exit 0")
    assert "warning: sleep still ran at the end and was killed (in 2 of 2 samples)" in done.stdout


def test_some_failed_samples_are_left_out_told_and_change_the_exit_code(autotune: Autotune) -> None:
    script = "n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n -ne 1 ]"
    done = autotune("bench", "--runs", "4", "--warmups", "0", "--", "sh", "-c", script)
    assert done.returncode == 4
    assert "sh: 3 good samples of 4" in done.stdout
    assert "warning: 1 of 4 samples failed" in done.stdout


def test_nothing_but_failures_ends_with_the_last_words(autotune: Autotune) -> None:
    done = autotune("bench", "--runs", "2", "--", "sh", "-c", "echo broken disk >&2; exit 3")
    assert (done.returncode, done.stdout) == (4, "")
    assert "error: every sample of 'sh' failed: exit code 3: broken disk" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a workload's file, or a command after --"),
        (("study.yaml", "--", "true"), "name a workload's file, or a command after --"),
        (("--set", "x=1", "--", "true"), "--set belongs to a workload's file"),
        (("study.yaml", "--timeout", "5s"), "--set timeout=20s"),
        (("--timeout", "5", "--", "true"), "not a duration"),
        (("study.yaml", "--set", "x=99"), "'x' cannot be 99"),
        (("study.yaml", "--sweep", "x=1..9"), "--sweep and --limit belong together"),
        (("study.yaml", "--sweep", "x", "--limit", "score <= 5"), "expected NAME=LOW..HIGH"),
        (("study.yaml", "--sweep", "x=9..1", "--limit", "score <= 5"), "LOW, 9, exceeds HIGH, 1"),
        (("study.yaml", "--sweep", "x=5..5", "--limit", "score <= 5"), "LOW and HIGH are the same"),
        (("study.yaml", "--sweep", "x=0..5", "--limit", "score <= 5"), "LOW has to be above 0"),
        (("study.yaml", "--sweep", "x=1..99", "--limit", "score <= 5"), "'x' cannot be 99"),
        (("study.yaml", "--sweep", "y=1..9", "--limit", "score <= 5"), "no such parameter. Known: x"),
        (("study.yaml", "--sweep", "x=1..9", "--limit", "scor <= 5"), "Did you mean 'score'?"),
        (
            ("study.yaml", "--sweep", "x=1..9", "--limit", "score <= 2 * baseline"),
            "a sweep knows no baseline",
        ),
        (("study.yaml", "--sweep", "x=1..9", "--limit", "score <= 5", "--runs", "5"), "--runs 6 or more"),
        (("none.yaml",), "none.yaml"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(AutotuneError) as caught:
        program.main(["bench", *arguments], prog_name="autotune", standalone_mode=False)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2
    assert not (folder / "reports").exists()


def test_a_mistake_is_told_in_one_line(autotune: Autotune) -> None:
    done = autotune("bench")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: name a workload's file")
    assert len(done.stderr.splitlines()) == 1


def test_sweep_whose_lowest_load_always_fails_is_no_answer(autotune: Autotune) -> None:
    arguments = (
        "--sweep",
        "x=1..4",
        "--limit",
        "score <= 90",
        "--runs",
        "6",
        "--set",
        "workload.command.3=no.py",
    )
    done = autotune("bench", "study.yaml", *arguments)
    assert (done.returncode, done.stdout) == (4, "")
    assert "every sample of 'formula' failed" in done.stderr


@pytest.mark.slow
def test_sweep_finds_the_highest_load_that_meets_the_limit(autotune: Autotune) -> None:
    arguments = ("bench", "study.yaml", "--runs", "6", "--warmups", "0", "--sweep", "x=1..20")
    done = autotune(*arguments, "--limit", "score <= 104.5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "x 4 is the highest that meets the limits; 5 misses them"
    machine = json.loads(autotune(*arguments, "--limit", "score <= 90", "--json").stdout)
    assert (machine["highest"], machine["points"][0]["answer"]) == (None, "misses")


def test_a_load_that_none_meets_has_the_exit_code_of_worse(autotune: Autotune) -> None:
    done = autotune("bench", "study.yaml", "--runs", "6", "--sweep", "x=1..4", "--limit", "score <= 90")
    assert done.returncode == 1
    assert "NONE: even the lowest x, 1, does not meet the limits" in done.stdout


def test_stopped_bench_leaves_neither_process_nor_folder(folder: Path) -> None:
    from_here = folder / "started"
    script = f"echo $$ > {from_here}; sleep 60"
    command = [str(Path(sys.executable).with_name("autotune")), "bench", "--", "sh", "-c", script]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (from_here.exists() and from_here.read_text().strip()):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not Path(f"/proc/{from_here.read_text().strip()}").exists()
    assert not (folder / "reports").exists()


def test_stopped_bench_shows_what_it_has(folder: Path) -> None:
    script = "sleep 0.05; echo done >> log; test $(wc -l < log) -lt 6 || sleep 60"
    command = [str(Path(sys.executable).with_name("autotune")), "bench", "--warmups", "0"]
    process = subprocess.Popen(
        [*command, "--", "sh", "-c", script],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not ((folder / "log").exists() and len((folder / "log").read_text().splitlines()) >= 6):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed.startswith("sh: 5 samples\n")
    assert "warning: stopped after 5 of 10 samples" in printed


def test_reader_that_leaves_early_makes_no_verdict_of_it(folder: Path) -> None:
    command = f"{Path(sys.executable).with_name('autotune')} bench --runs 2 -- true"
    script = f"{command} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_table_leaves_out_what_was_zero_or_unavailable_and_names_it(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("autotune")), "bench", "--runs", "2", "--", "true"]
    printed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert "\nmajor_faults " not in printed
    (zero,) = [line for line in printed.splitlines() if line.startswith("0 in every sample: ")]
    assert "major_faults" in zero
    assert "\nwall_s " in printed


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_stopped_sweep_says_what_it_found_so_far(folder: Path, more: tuple[str, ...]) -> None:
    here = folder / "started"
    slow = f"import pathlib, sys, time\nx = int(sys.argv[1])\nif x > 2: pathlib.Path({str(here)!r}).touch()\n"
    (folder / "formula.py").write_text(f"{slow}time.sleep(x > 2)\nprint('score', 100 + x)\n")
    command = [str(Path(sys.executable).with_name("autotune")), "bench", "study.yaml", "--runs", "6"]
    command += ["--warmups", "0", "--sweep", "x=1..20", "--limit", "score <= 110", *more]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not here.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed = process.communicate(timeout=60)[0]
    assert process.returncode == 130
    answer = "STOPPED: x 2 is the highest that met the limits so far"
    if not more:
        assert printed.splitlines()[-1] == answer
        return
    found = json.loads(printed)
    assert (found["stopped"], found["highest"], found["answer"]) == (True, 2, answer)
    assert [point["load"] for point in found["points"]] == [1, 2]
