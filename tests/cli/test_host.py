"""Studies that change the machine, as a user starts, stops and kills them: on a real sysctl, as root."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.store.store import Store

pytestmark = [pytest.mark.needs("root"), pytest.mark.xdist_group("sysctl")]

COMMAND = Path(sys.executable).with_name("autotune")
Autotune = Callable[..., subprocess.CompletedProcess[str]]

PLACE = Path("/proc/sys/net/unix/max_dgram_qlen")

PATTERN = r"^(net\.core\.[rw]mem|net\.unix|net\.core\.somaxconn|fs\.pipe|vm\.overcommit|kernel\.pty\.max)"

STUDY = """\
study: demo
workload:
  workload: queue
  driver: command
  command: ["{python}", "-I", "-S", "queue_length.py"]
  timeout: 100s
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    queue:
      int: [10, 4096]
      default: current
      scope: runtime
      apply: {sysctl: net.unix.max_dgram_qlen}
objective: {metric: score}
sampler: {name: random, seed: 3}
budget: {trials: 3}
validate: {candidates: 1, reduce: false, pairs: 8, min_gain: 2%}
"""

SCRIPT = """\
import pathlib, time
now = pathlib.Path("/proc/sys/net/unix/max_dgram_qlen").read_text()
if now != pathlib.Path("normal").read_text() and pathlib.Path("hang").exists():
    pathlib.Path("in-trial").touch()
    time.sleep(90)
print("score", 100 + int(now))
"""


def queue() -> int:
    return int(PLACE.read_text())


@pytest.fixture(autouse=True)
def unchanged(machine_alone: None) -> Iterator[None]:
    del machine_alone  # held from here on
    before = queue()
    yield
    assert queue() == before


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOTUNE_STATE", str(tmp_path / "state"))
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "queue_length.py").write_text(SCRIPT)
    (tmp_path / "normal").write_text(PLACE.read_text())
    return tmp_path


@pytest.fixture
def hanging(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A run in the middle of its first trial, with the machine changed."""
    (folder / "hang").touch()
    with subprocess.Popen(
        [COMMAND, "run", "study.yaml"], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        _wait((folder / "in-trial").exists)
        yield process
        process.kill()
    _wait(lambda: queue() == int((folder / "normal").read_text()))  # by its guardian


def _wait(for_it: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 100
    while not for_it():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def _trials(folder: Path) -> list[str]:
    with Store.open(folder / "reports" / "demo" / "study.db", create=False) as store:
        run = store.latest_run()
        return [str(trial.state) for trial in run.trials] if run else []


def test_a_run_tells_what_it_changes_and_leaves_the_machine_as_it_was(
    autotune: Autotune, folder: Path
) -> None:
    before = queue()
    done = autotune("run", "study.yaml")
    assert done.returncode == 0, done.stderr
    assert queue() == before
    assert re.search(r"changes sysctl net.unix.max_dgram_qlen of this machine, and restores it", done.stderr)
    assert re.search(r"changing the machine took .* s, measuring .* s", done.stdout)
    kept = folder / "reports" / "demo" / "latest"
    assert not (kept / "restore.sh").exists()  # nothing is left for it to do
    results = json.loads((kept / "results.json").read_text())
    assert 0 < results["seconds"]["changing"] < results["seconds"]["measuring"]
    assert results["baseline"]["config"] == {"queue": before}
    assert "changing the machine took" in (kept / "report.html").read_text()


def test_check_tells_which_values_of_the_machine_a_study_changes(autotune: Autotune, folder: Path) -> None:
    done = autotune("check", "study.yaml")
    assert f"changes this machine: queue (sysctl net.unix.max_dgram_qlen, now {queue()})" in done.stdout
    assert f"a run holds this machine's lock in {folder / 'state'}" in done.stdout
    found = json.loads(autotune("check", "study.yaml", "--json").stdout)
    assert found["changes"] == [
        {
            "parameter": "queue",
            "place": "sysctl net.unix.max_dgram_qlen",
            "now": str(queue()),
            "problem": "",
            "beyond": [],
        }
    ]
    assert not (folder / "state").exists()  # nothing is locked or written


def test_show_resolved_has_the_number(autotune: Autotune) -> None:
    assert f"default: {queue()}" in autotune("show", "study.yaml", "--resolved").stdout


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_a_stop_in_the_middle_of_a_trial_restores_the_machine_and_says_so(
    hanging: subprocess.Popen[str], folder: Path, number: int, code: int
) -> None:
    before = int((folder / "normal").read_text())
    assert queue() != before
    (script,) = (folder / "reports" / "demo").glob("2*/restore.sh")
    assert f"printf '%s\\n' {before} > {PLACE}" in script.read_text()
    hanging.send_signal(number)
    _, told = hanging.communicate(timeout=60)
    assert hanging.returncode == code
    assert queue() == before
    assert "this machine is as it was before, all finished work is saved. Go on with: autotune run" in told
    assert _trials(folder) == ["interrupted"]


def test_a_second_stop_does_not_interrupt_the_restoring(hanging: subprocess.Popen[str], folder: Path) -> None:
    for _ in range(10):
        hanging.send_signal(signal.SIGINT)
        time.sleep(0.01)
    hanging.communicate(timeout=60)
    assert hanging.returncode == 130
    _wait(lambda: queue() == int((folder / "normal").read_text()))


def test_a_killed_run_is_restored_by_its_guardian_and_its_trial_measured_again(
    hanging: subprocess.Popen[str], folder: Path, autotune: Autotune
) -> None:
    hanging.kill()
    hanging.communicate(timeout=60)
    _wait(lambda: queue() == int((folder / "normal").read_text()))
    (folder / "hang").unlink()
    done = autotune("run", "study.yaml")
    assert done.returncode == 0, done.stderr
    assert "going on with run" in done.stderr
    assert _trials(folder) == ["ok", "ok", "ok"]


def test_the_next_run_restores_where_run_and_guardian_were_killed(
    hanging: subprocess.Popen[str], folder: Path, autotune: Autotune
) -> None:
    os.kill(_guardian(folder), signal.SIGKILL)
    hanging.kill()
    hanging.communicate(timeout=60)
    assert queue() != int((folder / "normal").read_text())
    shown = autotune("show", "study.yaml", "--resolved").stdout
    assert f"default: {(folder / 'normal').read_text().strip()}" in shown
    (folder / "hang").unlink()
    done = autotune("run", "study.yaml")
    assert done.returncode == 0, done.stderr
    assert "default:" not in done.stderr  # the baseline is still the one of before


def _guardian(folder: Path) -> int:
    """The process that watches over the state of this test."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().split(b"\0") if path.exists() else []
        if str(folder / "state").encode() in words and any(b"sidecar.guardian" in word for word in words):
            return int(path.parent.name)
    raise AssertionError("there is no guardian")


def test_what_cannot_be_restored_outranks_the_stop(hanging: subprocess.Popen[str], folder: Path) -> None:
    PLACE.write_text("51")  # somebody else's
    hanging.send_signal(signal.SIGINT)
    _, told = hanging.communicate(timeout=60)
    assert hanging.returncode == 5
    assert f"was {(folder / 'normal').read_text().strip()}, is 51: somebody else has changed it since" in told
    (by_hand,) = re.findall(r"by hand: (.*)", told)
    subprocess.run(by_hand, shell=True, check=True)


@pytest.mark.parametrize("command", [("run", "other.yaml"), ("bench", "other.yaml", "--runs", "1")])
def test_a_second_command_that_changes_the_machine_is_busy_and_names_the_first(
    hanging: subprocess.Popen[str], folder: Path, autotune: Autotune, command: tuple[str, ...]
) -> None:
    during = queue()
    (folder / "other.yaml").write_text(STUDY.replace("study: demo", "study: other"))
    done = autotune(*command)
    assert done.returncode == 7
    assert f"this machine is in use by process {hanging.pid}" in done.stderr
    assert queue() == during


def test_without_rights_nothing_is_changed_and_the_values_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody may read all that root may, this installation too, and write nothing.
    reads = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *reads)
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        home.chmod(0o777)
        for name in ("study.yaml", "queue_length.py", "normal"):
            shutil.copy(folder / name, home / name)
        monkeypatch.setenv("AUTOTUNE_STATE", str(home / "state"))
        done = subprocess.run(
            [*nobody, COMMAND, "run", "study.yaml"], cwd=home, text=True, capture_output=True, check=False
        )
    assert done.returncode == 4, done.stderr
    assert "queue: sysctl net.unix.max_dgram_qlen cannot be written: Permission denied." in done.stderr
    assert "need root" in done.stderr


def test_compare_changes_the_machine_for_each_arm_and_restores_it(autotune: Autotune) -> None:
    before = queue()
    done = autotune("compare", "study.yaml", "--b", "queue=2000", "--pairs", "6")
    assert done.returncode == 0, done.stderr
    assert f"queue={before}" in done.stdout
    assert queue() == before


def test_bench_measures_under_a_value_and_restores_it(autotune: Autotune, folder: Path) -> None:
    before = queue()
    done = autotune("bench", "study.yaml", "--set", "queue=77", "--runs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert [s["metrics"]["score"] for s in json.loads(done.stdout)["samples"]] == [177, 177]
    assert queue() == before
    assert not (folder / "state" / "restore.sh").exists()


def test_check_tells_what_goes_beyond_what_is_safe(autotune: Autotune, folder: Path) -> None:
    (folder / "study.yaml").write_text(STUDY.replace("[10, 4096]", "[1, 4096]"))
    done = autotune("check", "study.yaml")
    assert "refused without --allow-risk: sysctl net.unix.max_dgram_qlen = '1' is out of range" in done.stdout


def test_values_that_the_kernel_refuses_are_failures_and_never_scored(
    autotune: Autotune, folder: Path
) -> None:
    text = STUDY.replace("net.unix.max_dgram_qlen", "net.core.wmem_default").replace(
        "int: [10, 4096]", "int: [1, 4194304]"
    )
    first = "enqueue: [{queue: 100}]\n"  # below the least that a socket can have
    (folder / "study.yaml").write_text(text + first)
    refused = autotune("run", "study.yaml", "--trials", "1", "--allow-risk")
    assert (refused.returncode, "allow_risk: [availability]" in refused.stderr) == (8, True)
    (folder / "study.yaml").write_text(text + first + "allow_risk: [availability]\n")
    refused = autotune("run", "study.yaml", "--trials", "1")
    assert (refused.returncode, "--allow-risk" in refused.stderr) == (8, True)
    autotune("run", "study.yaml", "--trials", "1", "--allow-risk")
    with Store.open(folder / "reports" / "demo" / "study.db", create=False) as store:
        run = store.latest_run()
    assert run is not None
    (trial,) = run.trials
    assert (str(trial.state), trial.value) == ("failed(config)", None)
    assert trial.reason.startswith("apply: sysctl net.core.wmem_default cannot be set to '100'")


def test_a_value_that_the_kernel_rounds_is_marked_on_the_terminal_and_in_the_results(
    autotune: Autotune, folder: Path
) -> None:
    before = Path("/proc/sys/fs/pipe-max-size").read_text()
    text = STUDY.replace("net.unix.max_dgram_qlen", "fs.pipe-max-size").replace(
        "[10, 4096]", "[65536, 1048576]"
    )
    (folder / "study.yaml").write_text(text + "enqueue: [{queue: 300000}]\n")
    done = autotune("run", "study.yaml", "--trials", "1")
    assert "coerced: queue 300000 became 524288" in done.stderr
    results = json.loads((folder / "reports" / "demo" / "latest" / "results.json").read_text())
    assert results["trials"][0]["coerced"] == {"queue": {"asked": 300000, "effective": 524288}}
    report = (folder / "reports" / "demo" / "latest" / "report.html").read_text()
    assert "coerced: queue 300000 became 524288" in report
    assert Path("/proc/sys/fs/pipe-max-size").read_text() == before


@pytest.mark.slow
def test_the_study_of_the_kernel_is_proven_applied_drifted_found_and_rolled_back(
    autotune: Autotune, folder: Path
) -> None:
    def values() -> str:
        found = subprocess.run(
            ["sysctl", "--all", "--pattern", PATTERN], text=True, capture_output=True, check=True
        )
        return found.stdout

    before = values()
    changes = (
        "budget.trials=2",
        "enqueue=[{queue: 2000, send_buffer: 4000000}]",
        "limits=['failures == 0']",
        "validate={candidates: 1, reduce: false, pairs: 16, min_gain: 10%}",
    )
    study = Path(__file__).parents[2] / "studies" / "log-burst.yaml"
    done = autotune("run", str(study), *(word for change in changes for word in ("--set", change)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("\nBETTER: p50_ms -")
    assert "use it   autotune apply reports/log-burst/latest/profile.yaml --dry-run" in done.stdout
    assert values() == before

    profile = folder / "reports" / "log-burst" / "latest" / "profile.yaml"
    sha256 = hashlib.sha256(profile.read_bytes()).hexdigest()
    done = autotune("apply", str(profile), "--yes", "--sha256", sha256)
    assert (done.returncode, queue()) == (0, 2000), done.stderr
    assert autotune("verify").returncode == 0
    PLACE.write_text("512")
    done = autotune("verify")
    assert done.returncode == 1
    assert "sysctl net.unix.max_dgram_qlen: should be 2000, is 512" in done.stdout
    PLACE.write_text("2000")
    assert autotune("rollback").returncode == 0
    assert values() == before


def test_a_run_is_not_gone_on_with_where_the_machine_has_another_value_now(autotune: Autotune) -> None:
    before = queue()
    assert autotune("run", "study.yaml").returncode == 0
    PLACE.write_text(str(before + 1))
    try:
        done = autotune("run", "study.yaml", "--trials", "9")
    finally:
        PLACE.write_text(str(before))
    assert done.returncode == 2
    assert f"workload.parameters.queue.default: {before} -> {before + 1}" in done.stderr
