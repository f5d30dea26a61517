"""A record of identical runs on this machine, while a neighbour that comes and goes loads one core."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request

CORE = 0
"""The neighbour's."""

WORK = "sum(i * i for i in range(220_000))"
"""What a run computes: some 20 ms with the start of Python."""

_NEIGHBOUR = """
import os, random, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
parent, drawn = os.getppid(), random.Random(1)
while os.getppid() == parent:  # ends with the benchmark, however that ends
    until = time.monotonic() + drawn.uniform(0.2, 3)
    while time.monotonic() < until:
        pass
    time.sleep(drawn.uniform(0.2, 5))
"""


def record(runs: int, folder: Path) -> list[float]:
    """Wall seconds of `runs` runs of one command, in order; the kernel chooses their core."""
    argv = (sys.executable, "-I", "-S", "-c", WORK)
    request = Request(argv=argv, cwd=folder, env={**os.environ}, timeout_s=60)
    with Launcher() as launcher, neighbour():
        launcher.run(request)  # the first one fills caches
        return [launcher.run(request).wall_s for _ in range(runs)]


@contextmanager
def neighbour() -> Iterator[None]:
    """A process that loads the core in bursts of 0.2 to 3 s, with pauses of 0.2 to 5 s, meanwhile."""
    argv = [sys.executable, "-I", "-S", "-c", _NEIGHBOUR, str(CORE)]
    with subprocess.Popen(argv) as process:
        try:
            yield
        finally:
            process.kill()
