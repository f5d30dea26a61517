"""Nothing of a service outlives its run, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autotune.flow.bench import Bench

Make = Callable[..., Bench]

STUDY = """
study: small
workload: small.yaml
objective: {metric: value}
budget: {trials: 2}
validate: {pairs: 8}
"""


def of(places: Path) -> list[int]:
    """Pids of processes that run in a folder of a service."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str((entry / "cwd").readlink()).startswith(str(places)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture
def going(
    make: Make, folder: Path, places: Path, wait_until: Callable[..., None]
) -> Iterator[subprocess.Popen[bytes]]:
    """A run whose service is there."""
    make()
    (folder / "study.yaml").write_text(STUDY)
    argv = [sys.executable, "-m", "autotune", "run", "study.yaml"]
    with subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: of(places))
        yield process
        if process.poll() is None:
            process.kill()


def test_close_leaves_neither_process_nor_folder(make: Make, places: Path) -> None:
    bench = make()
    bench.sample(bench.baseline, trial=0)
    assert of(places)
    bench.close()
    assert not of(places)
    assert not list(places.iterdir())


def test_ctrl_c_leaves_neither_process_nor_folder(going: subprocess.Popen[bytes], places: Path) -> None:
    going.send_signal(signal.SIGINT)
    assert going.wait(60) == 130
    assert not of(places)
    assert not list(places.iterdir())


def test_kill_leaves_no_process_and_the_next_run_removes_the_folder(
    going: subprocess.Popen[bytes], make: Make, places: Path, wait_until: Callable[..., None]
) -> None:
    going.kill()
    going.wait(60)
    wait_until(lambda: not of(places))
    (left,) = places.iterdir()
    bench = make()
    bench.sample(bench.baseline, trial=0)
    assert not left.exists()


def test_service_that_does_not_stop_is_killed(
    make: Make, places: Path, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autotune.measure.serving.serving._STOP_S", 0.3)
    bench = make(("  reload: HUP", "  stop: WINCH\n  reload: HUP"))
    bench.sample(bench.baseline, trial=0)
    began = time.monotonic()
    bench.close()
    assert time.monotonic() - began < 20
    assert not of(places)
    assert notes == ["the service did not stop within 0.3 s, and was killed"]
