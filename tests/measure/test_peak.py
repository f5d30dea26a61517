"""Peak memory is the command's own, whatever ran before it and whoever measures it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from autotune.measure.outcome import Outcome
from autotune.measure.resources import resources

MIB = 1 << 20
LARGE = 400

HARNESS = """
import os, sys
from pathlib import Path
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
from autotune.measure.resources import resources
first, size = sys.argv[1] == "launcher first", int(sys.argv[2]) << 20
heap = b"" if first else b"x" * size
with Launcher() as launcher:
    launcher.run(Request(argv=("true",), cwd=Path.cwd(), env=os.environ, timeout_s=60))
    heap = heap or b"x" * size
    outcome = launcher.run(
        Request(argv=("true",), cwd=Path.cwd(), env=os.environ, timeout_s=60, monitor=True)
    )
found = {r.name: r for r in resources(outcome)}
print(max(found[name].value or 0 for name in ("peak_memory_bytes", "peak_process_bytes")))
"""


def peaks(outcome: Outcome) -> list[float]:
    """Peak memory of the tree and of its largest process."""
    found = {resource.name: resource.value for resource in resources(outcome)}
    return [found[name] or 0.0 for name in ("peak_memory_bytes", "peak_process_bytes")]


def test_peak_of_a_small_command_owes_nothing_to_a_large_one_before(run: Callable[..., Outcome]) -> None:
    large = run(f"\nimport time\nx = b'x' * ({LARGE} << 20)\ntime.sleep(0.2)", monitor=True)
    small = run("true", monitor=True)
    assert min(peaks(large)) > LARGE * MIB
    assert max(peaks(small)) < 40 * MIB


@pytest.mark.parametrize("order", ["launcher first", "heap first"])
def test_peak_of_a_small_command_is_not_that_of_a_large_harness(tmp_path, order: str) -> None:
    argv = [sys.executable, "-c", HARNESS, order, str(LARGE)]
    done = subprocess.run(argv, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 40 * MIB
