"""What the tests of measuring share."""

import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autotune.measure.command import CommandDriver
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Outcome, Request
from autotune.measure.python import PythonDriver
from autotune.measure.sample import take
from autotune.model.space import Apply, Parameter, Space
from autotune.model.trial import Sample
from autotune.model.workload import Applied, Metric, Workload


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    """A launcher of the test's own."""
    with Launcher() as made:
        yield made


@pytest.fixture
def marker() -> str:
    """A value in the environment by which a test finds the processes that it started."""
    return str(uuid.uuid4())


@pytest.fixture
def marked(marker: str) -> Callable[[], list[int]]:
    """Pids of the running processes that carry the marker."""

    def find() -> list[int]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and f"MARKER={marker}".encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    return find


@pytest.fixture
def run(launcher: Launcher, tmp_path: Path, marker: str) -> Callable[..., Outcome]:
    """Runs an argv by the launcher; code for `python` in place of an argv where it starts with a newline."""

    def outcome(*argv: str, timeout_s: float = 60, monitor: bool = False) -> Outcome:
        if argv[0].startswith("\n"):
            argv = (sys.executable, "-c", *argv)
        environment = {**os.environ, "MARKER": marker}
        request = Request(argv=argv, cwd=tmp_path, env=environment, timeout_s=timeout_s, monitor=monitor)
        return launcher.run(request)

    return outcome


@pytest.fixture
def workload(tmp_path: Path) -> Callable[..., Workload]:
    """A workload that runs a shell line, with one parameter `jobs`, and prints its one metric."""

    def make(script: str = "echo ops=5", **changes: Any) -> Workload:
        jobs = Parameter(name="jobs", kind="int", low=1, high=8, default=1, apply=Apply(actuator="argv"))
        plain = Workload(
            name="w",
            driver="command",
            folder=tmp_path,
            command=("sh", "-c", script.replace("{", "{{").replace("}", "}}"), "sh", "{out}", "{jobs}"),
            metrics=(Metric(name="ops", source="regex", where=r"ops=(\S+)"),),
            space=Space(parameters=(jobs,)),
            timeout_s=30,
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def sample(launcher: Launcher, tmp_path: Path) -> Callable[..., Sample]:
    """Takes a sample in a folder of its own."""

    def made(workload: Workload, applied: Applied | None = None, **options: Any) -> Sample:
        driver = PythonDriver() if workload.driver == "python" else CommandDriver()
        options = {
            "launcher": launcher,
            "driver": driver,
            "folder": tmp_path / f"sample-{uuid.uuid4()}",
            "trial": 3,
            "seed": 7,
            **options,
        }
        return take(workload, applied or Applied(), **options)

    return made
