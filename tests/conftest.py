"""Parts of the machine that a test needs: skipped where they are missing, failed where CI misses them.

A loaded machine is no reason to fail: properties are tested without deadlines.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import settings

from autotune.model.profile import Change, Profile, Proof
from autotune.model.verdict import Effect, Result

settings.register_profile("patient", deadline=None)  # a timing is never what a test asserts
settings.load_profile("patient")


_TOOLS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def _tmpfs() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0


def _netns() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "-n", "true"], check=False).returncode == 0


_PARTS: dict[str, Callable[[], bool]] = {
    "root": lambda: os.geteuid() == 0,
    "chromium": lambda: shutil.which("chromium") is not None,
    "tmpfs": _tmpfs,
    "netns": _netns,
    **{
        tool: lambda tool=tool: shutil.which(tool, path=_TOOLS) is not None
        for tool in ("nginx", "redis-server", "ssh-keygen", "sysctl", "systemd-analyze")
    },
    "mariadb": lambda: shutil.which("mariadbd", path=_TOOLS) is not None,
    "postgres": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
    "cores": lambda: (os.cpu_count() or 1) > 1,
}


@pytest.fixture(scope="session", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes what this machine remembers (the floors of self-tests)."""
    os.environ["AUTOTUNE_STATE"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def _machine_lock() -> Iterator[IO[str]]:
    with Path(tempfile.gettempdir(), "autotune-tests.lock").open("w") as lock:
        yield lock


@pytest.fixture
def machine_alone(_machine_lock: IO[str]) -> Iterator[None]:
    """No other test of this machine, of whatever checkout, changes the machine meanwhile."""
    fcntl.flock(_machine_lock, fcntl.LOCK_EX)
    yield
    fcntl.flock(_machine_lock, fcntl.LOCK_UN)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for part in mark.args:
            if _PARTS[part]():
                continue
            if os.environ.get("CI") == "true":
                pytest.fail(f"{part} is missing: scripts/install-test-deps has to bring it", pytrace=False)
            pytest.skip(f"needs {part}")


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Returns when a condition holds; the test fails where it never does."""

    def wait(condition: Callable[[], object]) -> None:
        for _ in range(2000):
            if condition():
                return
            time.sleep(0.01)
        pytest.fail("it never happened")

    return wait


@pytest.fixture
def proven() -> Callable[..., Profile]:
    """A profile of the given name and changes, as a run that was proven makes it."""

    def make(name: str, *changes: Change) -> Profile:
        effect = Effect(estimate=0.2, low=0.1, high=0.3, level=0.95)
        return Profile(
            name=name,
            made_by={
                "study": name,
                "run": "2026-11-24T22-10-03",
                "store_sha256": "ab" * 32,
                "autotune": "0.1.0",
            },
            verdict=Proof(metric="tps", result=Result.BETTER, effect=effect, pairs=10, margin=0.02),
            host={},
            changes=changes,
        )

    return make
