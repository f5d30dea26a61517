from __future__ import annotations

import json
import os
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


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def noisy(folder: Path) -> None:
    """A score that differs from sample to sample by up to 40 %."""
    (folder / "formula.py").write_text(
        "import os, sys\nopen('log', 'a').write('x')\n"
        "print('score', 100 + int(sys.argv[1]) + os.path.getsize('log') * 37 % 41)\n"
    )


def floors(state: Path) -> list[dict[str, object]]:
    return json.loads((state / "floors.json").read_text())["floors"]


def test_built_in_loop_tells_of_the_machine_and_saves_its_floor(autotune: Autotune, state: Path) -> None:
    done = autotune("selftest", "--pairs", "6")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("the built-in loop against itself: 6 pairs, wall_s ")
    for name in ("pair sd", "floor", "smallest", "pairs for 5 %", "order", "drift", "groups", "verdict"):
        assert f"\n{name} " in done.stdout
    assert "raises no margin" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("next     autotune selftest WORKLOAD")
    (found,) = floors(state)
    assert (found["workload"], found["metric"], found["pairs"]) == ("", "wall_s", 6)


def test_all_pairs_are_measured_also_where_the_answer_is_clear(autotune: Autotune, folder: Path) -> None:
    found = json.loads(autotune("selftest", "study.yaml", "--pairs", "24", "--json").stdout)
    assert (found["schema"], found["pairs"], found["floor"]) == ("autotune.selftest/1", 24, 0)
    assert {s["pair"] for s in found["samples"]} == set(range(-1, 24))
    assert (found["verdict"]["result"], found["false_alarm"]) == ("equivalent", False)
    assert found["needed"] == {"1 %": 6, "2 %": 6, "5 %": 6, "10 %": 6}
    assert "machine.cpus" in found["host"]["fingerprint"]
    assert not (folder / "reports").exists()


def test_floor_of_a_workload_is_the_margin_of_later_verdicts(
    autotune: Autotune, folder: Path, state: Path
) -> None:
    noisy(folder)
    done = autotune("selftest", "study.yaml", "--pairs", "12")
    assert done.returncode == 0, done.stderr
    (floor,) = floors(state)
    assert (floor["workload"], floor["metric"]) == ("formula", "score")
    assert 0.02 < floor["value"] < 0.4
    assert "from now on for this workload and metric on this machine, instead of 2 %" in done.stdout
    assert done.stdout.splitlines()[-2].startswith("margin   ")

    compared = autotune("compare", "study.yaml", "--b", "x=1")
    assert f"margin {100 * floor['value']:.4g} %" in compared.stdout.splitlines()[0]
    assert "warning: the margin is this machine's floor" in compared.stdout
    autotune("run", "study.yaml")
    report = autotune("report", "demo")
    assert f"margin {100 * floor['value']:.4g} %" in report.stdout
    assert "note: the margin is this machine's floor" in report.stdout

    wider = autotune("compare", "study.yaml", "--b", "x=1", "--min-gain", "90%")
    assert "margin 90 %" in wider.stdout.splitlines()[0]
    assert "machine's floor" not in wider.stdout


def test_floor_of_the_built_in_loop_is_no_commands_margin(autotune: Autotune) -> None:
    assert autotune("selftest", "--pairs", "6").returncode == 0
    done = autotune("compare", "--pairs", "6", "--json", "--", "true", "sh -c :")
    found = json.loads(done.stdout)
    assert found["verdict"]["margin"] == 0.02
    assert "floor" not in found["host"]


def test_corrupt_floors_are_told_and_written_anew(autotune: Autotune, state: Path) -> None:
    state.mkdir()
    (state / "floors.json").write_text("{nonsense")
    compared = autotune("compare", "study.yaml", "--b", "x=7")
    assert compared.returncode == 0
    assert "note: " in compared.stderr
    assert "floors.json is left aside" in compared.stderr
    assert autotune("selftest", "study.yaml", "--pairs", "6").returncode == 0
    assert len(floors(state)) == 1


def test_floor_that_cannot_be_saved_is_shown_all_the_same(autotune: Autotune, state: Path) -> None:
    state.write_text("no folder")
    done = autotune("selftest", "study.yaml", "--pairs", "6")
    assert done.returncode == 6
    assert "\nfloor " in done.stdout
    assert "saved" not in done.stdout
    assert "floors.json cannot be written" in done.stderr


def test_workload_that_fails_has_no_floor(autotune: Autotune, folder: Path, state: Path) -> None:
    (folder / "formula.py").write_text("raise SystemExit('disk full')")
    done = autotune("selftest", "study.yaml")
    assert (done.returncode, done.stdout) == (4, "")
    assert "disk full" in done.stderr
    assert not state.exists()


def test_a_study_is_tested_without_its_limits(autotune: Autotune, folder: Path) -> None:
    (folder / "study.yaml").write_text((folder / "study.yaml").read_text() + 'limits: ["score <= 1"]\n')
    found = json.loads(autotune("selftest", "study.yaml", "--pairs", "6", "--json").stdout)
    assert (found["verdict"]["limits"], found["false_alarm"]) == ([], False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--set", "x=1"), "--set belongs to a workload's file"),
        (("study.yaml", "--set", "x=99"), "'x' cannot be 99"),
        (("study.yaml", "--metric", "scor"), "Did you mean 'score'?"),
        (("none.yaml",), "none.yaml"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(AutotuneError) as caught:
        program.main(["selftest", *arguments], prog_name="autotune", standalone_mode=False)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2
    assert not (folder / "reports").exists()


def test_stopped_self_test_saves_nothing_and_leaves_nothing(folder: Path, state: Path) -> None:
    pid = folder / "pid"
    (folder / "formula.py").write_text(
        "import os, time\nopen('log', 'a').write('x')\n"
        f"if os.path.getsize('log') > 5: open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)\n"
        "print('score', 100)\n"
    )
    command = [str(Path(sys.executable).with_name("autotune")), "selftest", "study.yaml"]
    command += ["--set", "workload.timeout=90s"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    while not (pid.exists() and pid.read_text()):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert not Path(f"/proc/{pid.read_text()}").exists()
    assert not (folder / "reports").exists()
    assert not state.exists()
