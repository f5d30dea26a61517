"""What the page on gating a repository says, done in a real one with an origin, command by command."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "gate-a-repository.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [
    line.partition("  #")[0].strip()
    for kind, text in BLOCKS
    if not kind
    for line in text.splitlines()
    if line.startswith("autotune")
]
BUILD = "open('speed.txt', 'w').write(open('source.txt').read())\n"
PARSE = "import time\ntime.sleep(float(open('speed.txt').read()))\n"
WORKING = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass\n"

Call = Callable[..., subprocess.CompletedProcess[str]]


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository made as the page says: its main branch, and one that takes over a tenth longer."""
    folder = tmp_path / "origin"
    (folder / "workloads").mkdir(parents=True)
    workload = next(text for kind, text in BLOCKS if kind == "yaml" and "workload: parse" in text)
    for name, text in {
        "workloads/parse.yaml": workload,
        "build.py": BUILD,
        "parse.py": PARSE,
        "source.txt": "0.1",
        ".gitignore": "speed.txt\nreports/\n",
    }.items():
        (folder / name).write_text(text)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Parse")
    git(folder, "checkout", "--quiet", "-b", "slower")
    (folder / "source.txt").write_text("0.115")
    git(folder, "commit", "--quiet", "-am", "Parse more slowly")
    git(folder, "checkout", "--quiet", "main")
    return folder


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Callable[..., Path]:
    def make(branch: str, *options: str) -> Path:
        folder = tmp_path / f"clone-{branch}{''.join(options)}"
        git(tmp_path, "clone", "--quiet", *options, f"--branch={branch}", f"file://{origin}", str(folder))
        return folder

    return make


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs words in a folder, with `autotune` on the path."""

    def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {**os.environ, "PATH": path, "AUTOTUNE_STATE": str(tmp_path / "state"), **env}
        return subprocess.run(words, cwd=folder, env=own, capture_output=True, text=True, check=False)

    return run


def test_page_has_the_commands_that_are_tried_here() -> None:
    assert COMMANDS == [
        "autotune gate workloads/parse.yaml --base HEAD",
        "autotune gate workloads/parse.yaml --drill 50%",
        "autotune gate workloads --base origin/main --limit 5%",
    ]


def test_gate_is_tried_and_can_fail(clone: Callable[..., Path], call: Call) -> None:
    folder = clone("main")
    same = call(folder, *shlex.split(COMMANDS[0]))
    assert same.returncode == 0, same.stdout + same.stderr
    assert same.stdout.startswith("PASS  parse  seconds")
    (folder / "parse.py").write_text(WORKING)  # stopping a program slows its work, and not its waits
    drill = call(folder, *shlex.split(COMMANDS[1]))
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert "caught: this gate can fail" in drill.stdout


def test_slower_branch_is_red_and_the_main_branch_is_not(clone: Callable[..., Path], call: Call) -> None:
    slower = call(clone("slower"), *shlex.split(COMMANDS[2]))
    assert slower.returncode == 1, slower.stdout + slower.stderr
    assert slower.stdout.startswith("FAIL  parse  seconds")
    assert call(clone("main"), *shlex.split(COMMANDS[2])).returncode == 0


def test_action_is_red_in_a_shallow_clone(clone: Callable[..., Path], call: Call, tmp_path: Path) -> None:
    """Without its first step, which installs autotune: that of this environment is taken."""
    step = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][1]["run"]
    (tmp_path / "autotune").symlink_to(sys.prefix)
    summary = tmp_path / "summary.md"
    found = call(
        clone("slower", "--depth=1"),
        *("bash", "-e", "-o", "pipefail", "-c", step),
        RUNNER_TEMP=str(tmp_path),
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(summary),
        FILES="workloads",
        BASE="main",
        LIMIT="5%",
        UNDECIDED="warn",
        MAX_TIME="5m",
    )
    assert found.returncode == 1, found.stdout + found.stderr
    assert "::error file=workloads/parse.yaml,title=parse%3A fail::" in found.stdout
    assert len(summary.read_text().splitlines()) <= 40


def test_job_of_gitlab_is_red_in_a_shallow_clone(clone: Callable[..., Path], call: Call) -> None:
    job = yaml.safe_load(next(text for kind, text in BLOCKS if kind == "yaml" and "CI_MERGE" in text))["gate"]
    install, *lines = job["script"]
    assert install == "pip install autotune-harness"
    folder = clone("slower", "--depth=1")
    script = "\n".join(lines)
    found = call(folder, "bash", "-e", "-c", script, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
    assert found.returncode == 1, found.stdout + found.stderr
    assert ET.parse(folder / "gate.xml").find(".//failure") is not None


def test_equal_code_is_never_red(clone: Callable[..., Path], call: Call) -> None:
    folder = clone("main")
    (folder / "source.txt").write_text("0.03")
    git(folder, "commit", "--quiet", "-am", "Quickly")
    answers = [
        call(folder, *shlex.split(COMMANDS[0]), "--seed", str(n), "--pairs", "12").returncode
        for n in range(10)
    ]
    assert answers == [0] * 10
