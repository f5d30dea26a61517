"""How long a process that does nothing takes on this machine."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from pathlib import Path

from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request

FACTOR = 20
"""A workload shorter than this many floors is mostly start-up."""

_TIMES = 20
_TIMEOUT_S = 10.0


def spawn_floor_s(launcher: Launcher) -> float:
    """Median wall seconds of `true` over 20 runs; of an interpreter that does nothing where it is missing."""
    true = shutil.which("true")
    argv = (true,) if true else (sys.executable, "-I", "-S", "-c", "")
    request = Request(argv=argv, cwd=Path("/"), env=dict(os.environ), timeout_s=_TIMEOUT_S)
    return statistics.median(launcher.run(request).wall_s for _ in range(_TIMES))
