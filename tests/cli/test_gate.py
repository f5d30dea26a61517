"""`autotune gate` in a real repository: red for a regression, never for equal code, and never in silence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow

WORKLOAD = """\
workload: parse
command: ["{python}", "-I", "-S", "parse.py"]
timeout: 5s
metrics:
  work: {regex: 'work (\\S+)', unit: s}
"""


def program(work: float) -> str:
    """A program whose figure is exact but for a spread that its process id draws."""
    draw = f"{work} * random.uniform(1, 1.01)"
    return f"import os, random\nrandom.seed(os.getpid())\nprint('work', {draw})\n"


SWINGING = """\
import os, pathlib
os.makedirs("out", exist_ok=True)
with open("out/runs", "a") as runs:
    odd = runs.tell() % 2
    runs.write(".")
print("work", (3.0 if odd else 1 / 3) if pathlib.Path(".git").is_dir() else 1.0)
"""
"""The head is in turn three times as fast and as slow as the base, whose tree has no folder `.git`."""


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"]
    argv = ["git", *identity, *words]
    return subprocess.run(argv, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository whose only commit has the program and its workload."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "parse.yaml").write_text(WORKLOAD)
    (tmp_path / "parse.py").write_text(program(1.0))
    (tmp_path / ".gitignore").write_text("reports/\nout/\n")
    commit(tmp_path, "Parse")
    return tmp_path


def commit(folder: Path, subject: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", subject)


@pytest.fixture
def gate(
    autotune: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    own = {**os.environ, "AUTOTUNE_STATE": str(tmp_path / "out" / "state")}

    def call(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return autotune("gate", *arguments, env={**own, **more})

    return call


def test_a_regression_is_red_in_every_output(gate, folder: Path) -> None:
    (folder / "parse.py").write_text(program(1.1))
    commit(folder, "Parse more slowly")
    out = folder / "out"
    files = ["--junit", "out/j.xml", "--sarif", "out/s.json", "--summary", "out/s.md", "--json", "out/g.json"]
    found = gate("parse.yaml", "--base", "HEAD~1", *files, GITHUB_ACTIONS="true")
    assert found.returncode == 1, found.stderr
    assert found.stdout.startswith("FAIL  parse  work  +")
    assert "limit +5.0 %" in found.stdout
    assert "failed 2 of 2" in found.stdout
    assert "::error file=parse.yaml,title=parse%3A fail::work +" in found.stdout
    assert ET.parse(out / "j.xml").find(".//failure") is not None
    assert json.loads((out / "s.json").read_text())["runs"][0]["results"][0]["level"] == "error"
    assert "| **fail** | parse | work |" in (out / "s.md").read_text()
    data = json.loads((out / "g.json").read_text())
    assert (data["schema"], data["answer"]) == ("autotune.gate/1", "fail")
    assert len(data["workloads"]["parse"]["rounds"]) == 2
    assert git(folder, "worktree", "list").count("\n") == 0


def test_equal_code_is_green_and_says_that_the_commits_are_one(gate) -> None:
    found = gate("parse.yaml", "--base", "HEAD")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("PASS  parse  work")
    assert "base and head are the same commit" in found.stdout


def test_what_is_not_committed_is_measured_and_named(gate, folder: Path) -> None:
    (folder / "parse.py").write_text(program(1.2))
    found = gate("parse.yaml", "--base", "HEAD")
    assert found.returncode == 1
    assert "1 file that is not committed: parse.py" in found.stdout


def test_own_folder_is_no_change_of_the_head(gate, folder: Path) -> None:
    (folder / ".gitignore").write_text("out/\n")
    commit(folder, "Ignore less")
    found = gate("parse.yaml", "--base", "HEAD", "--json", "out/g.json")
    assert found.returncode == 0, found.stderr
    assert "not committed" not in found.stdout
    head = json.loads((folder / "out/g.json").read_text())["head"]
    assert (head["changed"], head["said"].split(" ", 1)[1]) == ([], "Ignore less")


def test_a_gain_is_green(gate, folder: Path) -> None:
    (folder / "parse.py").write_text(program(0.5))
    told = gate("parse.yaml", "--base", "HEAD").stdout
    assert re.match(r"PASS  parse  work  -(49\.\d|50(\.\d)?) %", told), told


def test_noise_that_hides_the_limit_is_undecided_and_each_wish_for_it_is_kept(gate, folder: Path) -> None:
    (folder / "parse.py").write_text(SWINGING)
    commit(folder, "Be noisy")
    for wish, code in (("warn", 0), ("fail", 3), ("pass", 0)):
        found = gate("parse.yaml", "--base", "HEAD", "--pairs", "12", "--on-undecided", wish)
        assert (found.returncode, found.stdout.split()[0]) == (code, "UNDECIDED"), found.stdout


def test_the_drill_is_caught(gate, folder: Path) -> None:
    (folder / "parse.yaml").write_text(WORKLOAD.replace("regex: 'work (\\S+)', unit: s", "wall: true"))
    (folder / "parse.py").write_text("import time\nn = 0\nwhile n < 2_000_000: n += 1\n")
    found = gate("parse.yaml", "--drill", "50%")
    assert found.returncode == 0, found.stdout
    assert found.stdout.splitlines()[-1] == "drill: caught: this gate can fail"


def test_a_gate_that_cannot_fail_is_found_out(gate) -> None:
    found = gate("parse.yaml", "--drill", "50%")  # the program's figure knows no time
    assert found.returncode == 1
    assert found.stdout.splitlines()[-1].startswith("drill: NOT caught")


def test_the_build_runs_once_in_both_trees(gate, folder: Path) -> None:
    build = """build: {command: ["{python}", "-c", "open('built', 'a').write('x')"]}\n"""
    check = "import sys\nassert open('built').read() == 'x'\n"
    (folder / "parse.yaml").write_text(WORKLOAD + build)
    (folder / "parse.py").write_text(check + program(1.0))
    (folder / ".gitignore").write_text("reports/\nout/\nbuilt\n")
    commit(folder, "Build")
    found = gate("parse.yaml", "--base", "HEAD")
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ("""["{python}", "-c", "raise SystemExit('no compiler')"]""", "no compiler"),
        ("""["{python}", "-c", "import time; time.sleep(60)"], timeout: 1s""", "exceeded its time-out"),
        ("""["nowhere-to-be-found"]""", "nowhere-to-be-found"),
    ],
)
def test_a_build_that_fails_or_hangs_is_exit_4_and_no_pass(gate, folder: Path, build: str, said: str) -> None:
    (folder / "parse.yaml").write_text(WORKLOAD + f"build: {{command: {build}}}\n")
    before = time.monotonic()
    found = gate("parse.yaml", "--base", "HEAD")
    assert found.returncode == 4
    assert "the build of workload 'parse' in the base" in found.stderr
    assert said in found.stderr
    assert time.monotonic() - before < 30
    assert git(folder, "worktree", "list").count("\n") == 0


def test_a_program_that_fails_only_in_the_head_is_never_a_pass(gate, folder: Path) -> None:
    (folder / "parse.py").write_text("raise SystemExit('broken')\n")
    found = gate("parse.yaml", "--base", "HEAD")
    assert found.returncode == 1
    assert "FAIL  parse  work  fails in" in found.stdout


def test_a_workload_that_is_gone_fails_unless_that_is_allowed(gate, folder: Path) -> None:
    (folder / "w").mkdir()
    for name in ("one", "two"):
        (folder / "w" / f"{name}.yaml").write_text(
            WORKLOAD.replace("workload: parse", f"workload: {name}\nfolder: ..")
        )
    commit(folder, "Two workloads")
    (folder / "w" / "two.yaml").unlink()
    found = gate("w", "--base", "HEAD")
    assert found.returncode == 1
    assert "two.yaml" in found.stdout
    assert gate("w", "--base", "HEAD", "--allow-missing").returncode == 0


def test_a_new_workload_that_the_base_cannot_run_is_told_and_no_failure(gate, folder: Path) -> None:
    (folder / "w").mkdir()
    (folder / "new.py").write_text(program(1.0))
    for name, script in (("one", "parse.py"), ("two", "new.py")):
        text = WORKLOAD.replace("workload: parse", f"workload: {name}\nfolder: ..").replace(
            "parse.py", script
        )
        (folder / "w" / f"{name}.yaml").write_text(text)
    found = gate("w", "--base", "HEAD")
    assert found.returncode == 0, found.stderr
    assert "two is new, and the base cannot run it" in found.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["parse.yaml", "--base", "nowhere"], "'nowhere' is no commit of"),
        (["parse.yaml"], "say what to compare with"),
        (["parse.yaml", "--base", "HEAD", "--drill", "5%"], "exclude each other"),
        (["parse.yaml", "--base", "HEAD", "--limit", "5"], "percentage"),
        (["parse.yaml", "--base", "HEAD", "--limit", "wrok=5%"], "Did you mean 'work'?"),
        (["parse.yaml", "--base", "HEAD", "--metric", "wrok"], "Did you mean 'work'?"),
        (["parse.yaml", "--drill", "0%"], "--drill has to be above 0 %"),
        (["reports", "--base", "HEAD"], "nothing to gate"),
    ],
)
def test_what_makes_no_sense_is_exit_2_before_anything_is_measured(
    gate, folder: Path, words: list[str], said: str
) -> None:
    (folder / "reports").mkdir()
    found = gate(*words)
    assert found.returncode == 2, found.stderr
    assert said in found.stderr


def test_no_pair_begins_after_the_time_is_used_up(gate, folder: Path) -> None:
    (folder / "parse.py").write_text("import time\ntime.sleep(0.5)\n" + program(1.1))
    commit(folder, "Be slow")
    before = time.monotonic()
    found = gate("parse.yaml", "--base", "HEAD", "--max-time", "3s", "--on-undecided", "fail")
    assert found.returncode == 3, found.stdout
    assert time.monotonic() - before < 15
    assert "the time is used up" in found.stderr


def test_two_gates_at_once_wait_for_each_other(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("autotune")), "gate", "parse.yaml", "--base", "HEAD"]
    env = {**os.environ, "AUTOTUNE_STATE": str(folder / "out" / "state")}
    both = [subprocess.Popen([*command, "--reports", f"out/{n}"], cwd=folder, env=env) for n in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]


def test_a_shallow_clone_says_what_to_fetch(
    autotune, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "parse.py").write_text(program(1.0) + "\n")
    commit(folder, "Again")
    place = tmp_path_factory.mktemp("clones")
    git(place, "clone", "--quiet", "--depth=1", f"file://{folder}", "clone")
    found = autotune("gate", str(place / "clone" / "parse.yaml"), "--base", "HEAD~1")
    assert found.returncode == 2
    assert "git fetch --deepen=50" in found.stderr


def test_an_earlier_record_stands_in_for_the_base_and_is_warned_of(gate, folder: Path) -> None:
    assert gate("parse.yaml", "--base", "HEAD", "--json", "out/g.json").returncode == 0
    (folder / "parse.py").write_text(program(1.2))
    found = gate("parse.yaml", "--baseline", "out/g.json")
    assert "measured at another time" in found.stdout
    assert found.stdout.startswith("FAIL  parse  work  +"), found.stdout + found.stderr


def test_a_record_of_another_machine_decides_nothing(gate, folder: Path) -> None:
    gate("parse.yaml", "--base", "HEAD", "--json", "out/g.json")
    data = json.loads((folder / "out/g.json").read_text())
    data["workloads"]["parse"]["fingerprint"]["machine.cpu_model"] = "Z80"
    (folder / "out/g.json").write_text(json.dumps(data))
    found = gate("parse.yaml", "--baseline", "out/g.json")
    assert found.stdout.startswith("UNDECIDED")
    assert "machine.cpu_model: Z80" in found.stdout


@pytest.mark.parametrize("arm", ["a", "b"])
@pytest.mark.parametrize("text", ["1e999", "1" + "0" * 400])
def test_a_record_that_is_not_finite_is_no_base(gate, folder: Path, text: str, arm: str) -> None:
    assert gate("parse.yaml", "--base", "HEAD", "--json", "out/g.json").returncode == 0
    data = json.loads((folder / "out/g.json").read_text())
    rounds = data["workloads"]["parse"]["rounds"]
    one = next(one for one in rounds[0] if one["arm"] == arm)
    one["metrics"]["work"] = "?"
    (folder / "out/g.json").write_text(json.dumps(data).replace('"?"', text))
    found = gate("parse.yaml", "--baseline", "out/g.json")
    assert found.returncode == 2
    assert f"is no JSON: {text} is beyond" in found.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema": "autotune.gate/99"}', "has schema autotune.gate/99"),
        ("{", "is no JSON"),
        ("[]", "no file that autotune gate --json wrote"),
        ('{"schema": "autotune.gate/1"}', "is not whole"),
        ('{"schema": "autotune.gate/1", "value": NaN}', "NaN is no number"),
    ],
)
def test_a_record_that_cannot_be_read_is_exit_2(gate, folder: Path, text: str, said: str) -> None:
    (folder / "record.json").write_text(text)
    found = gate("parse.yaml", "--baseline", "record.json")
    assert found.returncode == 2
    assert said in found.stderr


STUDY = """\
study: demo
workload:
  workload: formula
  driver: command
  command: ["{python}", "-I", "-S", "formula.py", "{x}"]
  metrics: {score: {regex: 'score (\\S+)', direction: maximize}}
  parameters:
    x: {int: [0, 20], default: 0}
objective: {metric: score}
sampler: {name: random, seed: 3}
budget: {trials: 3}
validate: {candidates: 1, reduce: false, pairs: 8}
"""


def test_a_profile_whose_gain_is_gone_is_red(gate, autotune, folder: Path) -> None:
    (folder / "study.yaml").write_text(STUDY)
    (folder / "formula.py").write_text("import sys\nprint('score', 100 + int(sys.argv[1]))\n")
    assert autotune("run", "study.yaml").returncode == 0
    profile = "reports/demo/latest/profile.yaml"
    found = gate("study.yaml", "--profile", profile)
    assert (found.returncode, found.stdout.split()[0]) == (0, "PASS"), found.stderr
    (folder / "formula.py").write_text("print('score', 100)\n")
    found = gate("study.yaml", "--profile", profile)
    assert (found.returncode, found.stdout.split()[0]) == (1, "FAIL"), found.stderr
    assert "the gain is gone" in found.stdout
    assert gate("study.yaml", "--profile", profile, "--limit", "3%").returncode == 2
