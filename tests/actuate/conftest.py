"""What the tests of the actuators share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply, Parameter, Space
from autotune.model.target import Target
from autotune.model.workload import Workload

HARNESS = """
import sys
from pathlib import Path
from autotune.actuate.session import opened
from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply
from autotune.model.target import Target

def target(path):
    if path.startswith("/proc/sys/"):
        name = path.removeprefix("/proc/sys/").replace("/", ".")
        return Sysctl().target(Apply(actuator="sysctl", options={"name": name}), Path())
    return Target(key=path, means="kernel", address={"path": path})

def say(text):
    print(text, flush=True)

state, *pairs = sys.argv[1:]
pairs = [pair.split("=") for pair in pairs]
wanted = [(target(path), text) for path, text in pairs]
with opened(Path(state), kind="trial", note=say) as session:
    session.bring(wanted)
    say(session.guardian_pid)
    sys.stdin.read()
say("restored")
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the journal."""
    return tmp_path / "state"


@pytest.fixture
def value(tmp_path: Path) -> Callable[..., Target]:
    """The target of a value as the kernel shows it: a file of this name, made with `text` where given."""

    def make(name: str, text: str | None = None) -> Target:
        path = tmp_path / name
        if text is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")
        return Target(key=name, means="kernel", address={"path": str(path)})

    return make


@pytest.fixture
def held() -> Callable[[Target], str]:
    """What the place of a target holds, read without autotune."""
    return lambda target: " ".join(Path(str(target.address["path"])).read_text().split())


@pytest.fixture
def sysctl() -> Callable[[str], Target]:
    """A real sysctl as a target."""
    return lambda name: Sysctl().target(Apply(actuator="sysctl", options={"name": name}), Path())


@pytest.fixture
def harness() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process that holds values changed until its standard input ends."""
    started: list[subprocess.Popen[str]] = []

    def start(state: Path, wanted: list[tuple[Target, str]]) -> subprocess.Popen[str]:
        pairs = [f"{target.address['path']}={text}" for target, text in wanted]
        process = subprocess.Popen(
            (sys.executable, "-c", HARNESS, str(state), *pairs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(sys.modules["autotune"].__path__[0]).parent)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def parameter() -> Callable[..., Parameter]:
    """A parameter of the given name and actuator."""

    def make(name: str = "jobs", actuator: str = "argv", **changes: Any) -> Parameter:
        options = changes.pop("options", {})
        plain = Parameter(
            name=name,
            kind="choice",
            default="a",
            values=("a", "b"),
            apply=Apply(actuator=actuator, options=options),
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def workload(tmp_path: Path) -> Callable[..., Workload]:
    """A workload of the given parameters."""

    def make(*parameters: Parameter, **changes: Any) -> Workload:
        plain = Workload(
            name="w",
            driver="command",
            folder=tmp_path,
            command=("bench", "-j{jobs}"),
            metrics=(),
            space=Space(parameters=parameters),
        )
        return replace(plain, **changes)

    return make
