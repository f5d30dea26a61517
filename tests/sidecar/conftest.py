"""What the tests of the small processes share."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import autotune

ROOT = Path(autotune.__file__).parents[1]
BOOT = "import sys; sys.path.append(sys.argv[1]); from autotune.sidecar.launcher import main; main()"

FOUR_SHAPES = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleep = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
child = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', %r]); time.sleep(300)" % sleep
subprocess.Popen([sys.executable, "-c", child])
subprocess.Popen([sys.executable, "-c", sleep], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
time.sleep(0.3)
open(sys.argv[1], "w").close()
time.sleep(300)
"""


@pytest.fixture
def marker() -> str:
    """A text in the environment by which a test finds the processes that it started."""
    return f"MARKER={uuid.uuid4()}"


@pytest.fixture
def marked(marker: str) -> Callable[[], list[int]]:
    """Pids of the running processes that carry the marker."""

    def find() -> list[int]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and marker.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    return find


@pytest.fixture
def request_line(tmp_path: Path, marker: str) -> Callable[..., bytes]:
    """A line that asks the launcher to run an argv."""

    def line(*argv: str, timeout_s: float = 60, monitor: bool = False) -> bytes:
        name, _, value = marker.partition("=")
        request = {
            "argv": argv,
            "cwd": str(tmp_path),
            "env": {**os.environ, name: value},
            "timeout_s": timeout_s,
            "cap": 65536,
            "monitor": monitor,
        }
        return json.dumps(request).encode() + b"\n"

    return line


@pytest.fixture
def sidecar() -> Iterator[subprocess.Popen[bytes]]:
    """A launcher process, spoken to by its own protocol."""
    with subprocess.Popen(
        (sys.executable, "-I", "-S", "-X", "utf8", "-c", BOOT, str(ROOT)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def four_shapes(tmp_path: Path) -> tuple[tuple[str, ...], Path]:
    """An argv that leaves a child, grandchild, new session and daemon, and the file that says it did."""
    ready = tmp_path / "ready"
    return (sys.executable, "-c", FOUR_SHAPES, str(ready)), ready
