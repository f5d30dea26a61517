"""A real repository with a package and its tests, and pytest run in it as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]

PACKAGE = """\
import time


def parse(seconds=0.02):
    time.sleep(seconds)
    return 42
"""
TESTS = """\
from mypkg import parse


def test_parse(autotune):
    assert autotune(parse) == 42


def test_plain():
    pass
"""
CONFIG = """\
[tool.pytest.ini_options]
pythonpath = ["src"]
autotune_pairs = 8
"""


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one commit."""
    folder = tmp_path / "project"
    for name, text in {
        "src/mypkg/__init__.py": PACKAGE,
        "tests/test_parse.py": TESTS,
        "pyproject.toml": CONFIG,
        ".gitignore": "__pycache__\n.pytest_cache\n*.json\n*.xml\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Parse")
    return folder


@pytest.fixture
def slower(project: Path) -> Path:
    """The same, a tenth slower in the working tree."""
    module = project / "src/mypkg/__init__.py"
    module.write_text(module.read_text().replace("sleep(seconds)", "sleep(1.1 * seconds)"))
    return project


@pytest.fixture
def start(project: Path, tmp_path: Path) -> Start:
    """Starts pytest in the project, with this plug-in and those named alone."""
    (tmp_path / "scratch").mkdir()

    def call(*words: str, plugins: tuple[str, ...] = (), **env: str) -> subprocess.Popen[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        named = [word for name in ("autotune.pytest_plugin", *plugins) for word in ("-p", name)]
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *named, *words],
            cwd=project,
            env={
                **own,
                "AUTOTUNE_STATE": str(tmp_path / "state"),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                **env,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return call


@pytest.fixture
def run(start: Start) -> Run:
    """The same, to its end."""

    def call(*words: str, **named: Any) -> subprocess.CompletedProcess[str]:
        with start(*words, **named) as process:
            try:
                out, err = process.communicate(timeout=240)
            finally:
                process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return call
