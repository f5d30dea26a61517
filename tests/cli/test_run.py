from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def edit(folder, old, new):
    path = folder / "study.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_run_ends_with_the_verdict_and_what_to_do_next(autotune, folder):
    result = autotune("run", "study.yaml")
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip().startswith("BETTER: score")
    assert result.stdout.strip().splitlines()[-1].startswith("use it   autotune export reports/demo/latest")
    assert (folder / "reports/demo/latest/profile.yaml").exists()
    assert "\x1b" not in result.stdout + result.stderr


def test_phases_and_trials_are_on_standard_error(autotune):
    result = autotune("run", "study.yaml")
    words = [line.split()[0] for line in result.stderr.splitlines()]
    assert [w for w in words if w.isalpha() and w not in {"trial", "look"}] == [
        "checks",
        "baseline",
        "search",
        "validation",
        "report",
    ]
    assert [w for w in words if "/" in w] == ["1/3", "2/3", "3/3"]


def test_json_is_the_only_thing_on_standard_output(autotune):
    result = autotune("run", "study.yaml", "--json")
    assert json.loads(result.stdout)["verdict"]["result"] == "better"


def test_second_run_repeats_the_answer_without_measuring(autotune, folder):
    first = autotune("run", "study.yaml")
    (folder / "formula.py").write_text("raise SystemExit('measured again')")
    other = autotune("run", "study.yaml")
    assert other.returncode == 2  # an answer for another program is not repeated unless that is accepted
    assert "formula.py" in other.stderr
    second = autotune("run", "study.yaml", "--accept-changes")
    assert second.returncode == 0, second.stderr
    assert second.stdout == first.stdout


def test_report_is_rebuilt_from_the_store_alone(autotune, finished):
    folder = finished
    before = (folder / "reports/demo/latest/results.json").read_text()
    for name in ("report.html", "results.json", "profile.yaml"):
        (folder / "reports/demo/latest" / name).unlink()
    (folder / "formula.py").unlink()
    assert autotune("report", "study.yaml").returncode == 0
    assert (folder / "reports/demo/latest/results.json").read_text() == before
    (folder / "study.yaml").unlink()
    assert autotune("report", "demo").returncode == 0


@pytest.mark.parametrize("form", ["env", "json", "sql", "yaml"])
@pytest.mark.usefixtures("finished")
def test_export_gives_a_format_or_names_those_there_are(autotune, form):
    result = autotune("export", "reports/demo/latest/profile.yaml", "--format", form)
    if form == "json":
        assert json.loads(result.stdout)
    else:
        assert result.returncode == 2
        assert "error:" in result.stderr
    assert "Traceback" not in result.stderr


BAD_WORKLOADS = {
    "prints no metric": ("print('nothing')", "score"),
    "prints NaN": ("print('score nan')", "score"),
    "prints a decimal comma": ("print('score 1,5')", "1,5"),
    "prints infinity": ("print('score 1e400')", "score"),
    "exits non-zero": ("import sys; sys.exit('my database is gone')", "my database is gone"),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
    "hangs": ("import time; time.sleep(60)", "2"),
    "never stops printing": ("while True: print('x' * 10000)", "2"),
    "prints garbage": (
        "import sys; sys.stdout.buffer.write(bytes(range(256)) * 100)",
        "score",
    ),
}


@pytest.mark.parametrize("kind", BAD_WORKLOADS)
def test_bad_workload_is_exit_4_with_the_reason(autotune, folder, kind):
    script, reason = BAD_WORKLOADS[kind]
    (folder / "formula.py").write_text(script)
    result = autotune("run", "study.yaml")
    assert result.returncode == 4, result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stderr


def test_missing_binary_is_exit_4_with_its_name(autotune, folder):
    edit(folder, '"{python}"', '"no-such-program"')
    result = autotune("run", "study.yaml")
    assert result.returncode == 4, result.stderr
    assert "no-such-program" in result.stderr
    assert "Traceback" not in result.stderr


BAD_FILES = {
    "unknown key": ("budget: {trials: 3}", "budget: {trails: 3}", "trials"),
    "wrong type": ("budget: {trials: 3}", "budget: {trials: many}", "trials"),
    "low above high": ("int: [0, 20]", "int: [20, 0]", "x"),
    "log from zero": ("int: [0, 20]", "int: [0, 20], log: true", "log"),
    "empty choice": ("int: [0, 20], default: 0", "choice: [], default: 0", "list of values"),
    "unknown metric": ("objective: {metric: score}", "objective: {metric: scroe}", "score"),
    "unknown sampler": ("name: random", "name: randon", "random"),
    "names nothing": ("budget:", "limits: ['speed <= 1']\nbudget:", "speed"),
    "impossible": ("  parameters:", "  constraints: ['x > 30']\n  parameters:", "x > 30"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_file_is_exit_2_with_its_place(autotune, folder, kind):
    old, new, word = BAD_FILES[kind]
    edit(folder, old, new)
    result = autotune("run", "study.yaml")
    assert result.returncode == 2, result.stderr
    assert "study.yaml:" in result.stderr
    assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "reports").exists()


def test_unreadable_file_is_exit_2(autotune):
    result = autotune("run", "missing.yaml")
    assert result.returncode == 2
    assert "missing.yaml" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, "foreign", "newer"])
def test_unusable_store_is_exit_6_and_stays_untouched(autotune, folder, content):
    home = folder / "reports" / "demo"
    home.mkdir(parents=True)
    path = home / "study.db"
    if content == "newer":
        autotune("run", "study.yaml")
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA journal_mode = delete")
            db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        db.close()
    elif content == "foreign":
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE somebody (a)")
        db.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    result = autotune("run", "study.yaml")
    assert result.returncode == 6, result.stderr
    assert "study.db" in result.stderr
    assert path.read_bytes() == before


def test_second_process_is_exit_7(autotune, folder):
    (folder / "formula.py").write_text(
        "import sys, time\ntime.sleep(1)\nprint('score', 100 + int(sys.argv[1]))"
    )
    first = start(folder)
    wait_for(folder, "baseline", first)
    result = autotune("run", "study.yaml")
    first.terminate()
    first.wait(timeout=30)
    assert result.returncode == 7, result.stderr
    assert str(first.pid) in result.stderr


def start(folder):
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [Path(sys.executable).with_name("autotune"), "run", "study.yaml"],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_for(folder, what, process):
    """Until the run is so far: the store has samples (baseline), or the log has the word."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "log").read_text()
        if what == "baseline" and list(folder.glob("reports/demo/20*/scratch/*")):
            return
        if what in (folder / "log").read_text():
            return
        time.sleep(0.02)
    pytest.fail(f"the run never came to {what}")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_signal_saves_everything_and_says_how_to_go_on(autotune, folder, number, code):
    (folder / "formula.py").write_text(
        "import sys, time\ntime.sleep(0.5)\nprint('score', 100 + int(sys.argv[1]))"
    )
    process = start(folder)
    wait_for(folder, "1/3", process)
    os.kill(process.pid, number)
    assert process.wait(timeout=30) == code
    text = (folder / "log").read_text()
    assert "autotune run study.yaml" in text
    assert "Traceback" not in text
    result = autotune("run", "study.yaml")
    assert result.returncode == 0
    assert "1 trials kept" in result.stderr or "trials kept" in result.stderr


def test_help_names_every_command_and_the_exit_codes(autotune):
    text = autotune("--help").stdout
    for word in ("run", "check", "show", "schema", "report", "export", "130/143"):
        assert word in text


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["run"], ["run", "study.yaml", "--trials", "0"], ["export", "x"]]
)
def test_wrong_usage_is_exit_2(autotune, arguments):
    result = autotune(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_secrets_of_the_environment_are_nowhere(autotune, folder):
    canary = "canary-4711-secret"
    (folder / "formula.py").write_text(
        "import os, sys\nprint(os.environ['MY_API_TOKEN'])\n"
        "x = int(sys.argv[1])\nif x > 5: sys.exit('failed with ' + os.environ['MY_API_TOKEN'])\n"
        "print('score', 100 + x)"
    )
    result = autotune("run", "study.yaml", env={**os.environ, "MY_API_TOKEN": canary})
    assert canary not in result.stdout + result.stderr
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "formula.py":
            assert canary.encode() not in path.read_bytes(), path


def test_secrets_of_the_workload_are_nowhere(autotune, folder):
    edit(folder, "  timeout: 2s", "  timeout: 2s\n  env: {API_TOKEN: canary-1, DB: 'pg://u:canary-2@h/db'}")
    (folder / "formula.py").write_text(
        "import os, sys\nprint(os.environ['API_TOKEN'], os.environ['DB'], 'password: canary-3')\n"
        "x = int(sys.argv[1])\nif x > 5: sys.exit('failed with ' + os.environ['API_TOKEN'])\n"
        "print('score', 100 + x)"
    )
    result = autotune("run", "study.yaml")
    assert "canary" not in result.stdout + result.stderr
    for path in (folder / "reports").rglob("*"):
        if path.is_file():
            assert b"canary" not in path.read_bytes(), path
    assert autotune("run", "study.yaml").returncode == result.returncode
    assert (folder / "reports" / "demo").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["UPDATE trial SET config = '[1]'", "UPDATE trial SET value = 'abc'"])
def test_damaged_row_is_exit_6_and_no_traceback(autotune, finished, damage):
    with sqlite3.connect(finished / "reports/demo/study.db") as db:
        db.execute(damage)
    db.close()
    for command in (["run", "study.yaml"], ["report", "demo"]):
        result = autotune(*command)
        assert result.returncode == 6, result.stderr
        assert "Traceback" not in result.stderr


def test_full_standard_output_is_exit_6(finished):
    command = [Path(sys.executable).with_name("autotune"), "report", "demo"]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(command, cwd=finished, stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 6
    assert b"Traceback" not in result.stderr


def test_reader_of_the_progress_that_leaves_stops_nothing(folder):
    process = subprocess.Popen(
        [Path(sys.executable).with_name("autotune"), "run", "study.yaml"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    process.stderr.readline()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert (folder / "reports/demo/latest/profile.yaml").exists()


def test_closed_pipe_is_no_traceback(finished):
    command = [Path(sys.executable).with_name("autotune"), "run", "study.yaml", "--json"]
    process = subprocess.Popen(command, cwd=finished, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    text = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=60)
    assert "Traceback" not in text
    assert "Exception" not in text


@pytest.fixture
def frozen():
    """A frozen control group of version 1: SIGKILL ends what is in it only when it is thawed."""
    freezer = Path(f"/sys/fs/cgroup/freezer/autotune-test-{os.getpid()}")
    freezer.mkdir()
    (freezer / "freezer.state").write_text("FROZEN")
    yield freezer
    (freezer / "freezer.state").write_text("THAWED")
    until = time.monotonic() + 10
    while (freezer / "cgroup.procs").read_text() and time.monotonic() < until:
        time.sleep(0.01)
    freezer.rmdir()


if os.access("/sys/fs/cgroup/freezer", os.W_OK):  # nothing else here makes a process that SIGKILL cannot end

    def test_process_that_sigkill_does_not_end_stops_the_run_with_exit_5(autotune, folder, frozen):
        (folder / "formula.py").write_text(
            "import pathlib, os, sys, time\n"
            "x = int(sys.argv[1])\n"
            f"if x: pathlib.Path({str(frozen / 'cgroup.procs')!r}).write_text(str(os.getpid()))\n"
            "print('score', 100 + x)\n"
        )
        result = autotune("run", "study.yaml")
        assert result.returncode == 5, result.stderr
        assert "SIGKILL does not end: " in result.stderr.splitlines()[-1]
        stuck = int((frozen / "cgroup.procs").read_text())
        assert f"cat /proc/{stuck}/stack" in result.stderr
        with sqlite3.connect(folder / "reports/demo/study.db") as store:
            trials = store.execute("select number, state from trial").fetchall()
        assert trials == [(0, "running")]  # no further trial was begun


def test_a_space_that_was_tried_whole_gets_no_advice_to_try_more(autotune, folder):
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(
        text.replace("{int: [0, 20], default: 0}", "{choice: [0, 1], default: 0}")
    )
    (folder / "formula.py").write_text("print('score', 100)")
    done = autotune("run", "study.yaml")
    assert done.returncode == 0
    assert "every allowed configuration was tried" in done.stdout
    assert "--trials" not in done.stdout


def test_secrets_of_commands_are_not_in_the_store(autotune, folder):
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(
        text.replace('"{x}"]', '"{x}", "--password=argvsecret77", "--token", "next77"]')
    )
    (folder / "formula.py").write_text(
        "import sys; print('Authorization: Bearer said77'); print('score', 100 + int(sys.argv[1]))"
    )
    assert autotune("run", "study.yaml").returncode == 0
    stored = b"".join(path.read_bytes() for path in (folder / "reports").rglob("*") if path.is_file())
    assert [secret for secret in (b"argvsecret77", b"next77", b"said77") if secret in stored] == []
    assert autotune("report", "demo").returncode == 0
