from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, env=env, text=True, capture_output=True, check=False, timeout=120
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src" / "autotune", tmp_path / "src" / "autotune")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder: Path, module: str, line: str) -> None:
    path = folder / "src" / "autotune" / module
    path.write_text(f"{path.read_text()}\n{line}\n")


def test_contracts_hold(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("store/__init__.py", "import autotune.search.draw", "Six floors"),
        ("model/space.py", "import autotune.judge.compare", "Six floors"),
        ("measure/host.py", "def f():\n    import autotune.flow.run", "Six floors"),
        ("judge/compare.py", "def f():\n    import subprocess", "Thinking floors"),
        ("report/page.py", "import psutil", "Thinking floors"),
        (
            "model/trial.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import optuna",
            "Thinking floors",
        ),
        ("sidecar/launcher.py", "import autotune.core.errors", "Sidecars"),
        ("sidecar/launcher.py", "import numpy", "Sidecars"),
    ],
)
def test_contract_bites(copy: Path, module: str, line: str, contract: str) -> None:
    plant(copy, module, line)
    result = lint(copy)
    assert result.returncode == 1, result.stdout
    broken = [row for row in result.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), broken


def test_new_top_level_module_must_be_placed_on_a_floor(copy: Path) -> None:
    (copy / "src" / "autotune" / "cellar.py").write_text('"""Everything."""\n')
    result = lint(copy)
    assert result.returncode == 1
    assert "cellar" in result.stdout


HEAVY_ONLY_IN = {
    "optuna": "search",
    "sqlalchemy": "store",
    "matplotlib": "report",
    "yaml": ("core/strict_yaml.py", "core/yaml_nodes.py"),  # what our files say, where others' values stand
    "psutil": "measure",
    "jsonpath": ("measure", "study"),  # a path is checked when it is read, used when a sample ends
}


@pytest.mark.parametrize(("library", "place"), HEAVY_ONLY_IN.items())
def test_heavy_library_has_one_home(library: str, place: str) -> None:
    source = ROOT / "src" / "autotune"
    users = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(
            line.strip().startswith((f"import {library}", f"from {library}"))
            for line in path.read_text().splitlines()
        )
    ]
    assert [user for user in users if not user.startswith(place)] == []


@pytest.mark.parametrize("name", ["pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"])
def test_no_pickle_in_the_package(name: str) -> None:
    for path in (ROOT / "src").rglob("*.py"):
        lines = [line.strip() for line in path.read_text().splitlines()]
        assert not [x for x in lines if x.startswith((f"import {name}", f"from {name}"))], path


@pytest.mark.parametrize("call", ["eval(", "exec(", "shell=True", "os.system"])
def test_no_shell_and_no_eval_in_the_package(call: str) -> None:
    for path in (ROOT / "src").rglob("*.py"):
        assert not [x for x in path.read_text().splitlines() if f" {call}" in x or x.startswith(call)], path
