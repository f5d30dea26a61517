from __future__ import annotations

from pathlib import Path

import pytest

from autotune.core.errors import FileError
from autotune.study.load import load, load_workload

FACTS = {"host.cpus": 2, "host.memory_mib": 8000}

WORKLOAD = """\
workload: build
command: [make, "-j{jobs}", "{out}"]
metrics:
  seconds: {wall: true}
  ops: {json: $.ops, direction: maximize}
  p95_ms: {regex: 'p95 = (\\S+)', unit: ms}
parameters:
  jobs: {int: [1, 8], default: 2}
  arenas: {int: [1, 8], default: unset, apply: {env: ARENAS}}
  mode: {choice: [wal, memory], default: wal, apply: {env: MODE}, risk: {durability: "mode == 'memory'"}}
  pages: {int: [1, 1000], log: true, default: 100, when: "mode == 'wal'", apply: {env: PAGES}}
constraints: ["jobs <= 4 * host.cpus"]
"""

STUDY = """\
study: first
workload: build.yaml
objective: {metric: ops}
"""


@pytest.fixture
def facts():
    return FACTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "build.yaml").write_text(WORKLOAD)
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path


@pytest.fixture
def study(folder):
    """A function that loads the small study, with lines of its own in place of or beside the file's."""

    def made(more: str = "", *, overrides=(), workload: str = WORKLOAD):
        (folder / "build.yaml").write_text(workload)
        (folder / "study.yaml").write_text(STUDY + more)
        return load(folder / "study.yaml", facts=FACTS, overrides=overrides)

    return made


@pytest.fixture
def problems(folder):
    """A function that loads a text and gives the problems found, without the folder in front."""

    def found(text: str, *, name: str = "study.yaml", overrides=()) -> list[str]:
        path = folder / name
        path.write_text(text)
        read = load if text.startswith("study:") else load_workload
        with pytest.raises(FileError) as caught:
            read(path, facts=FACTS, overrides=overrides)
        return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]

    return found
