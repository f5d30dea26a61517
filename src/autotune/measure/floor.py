"""What it costs to start a process at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median

from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request

_TIMES = 20
_TIMEOUT_S = 10.0


def spawn_floor_s(launcher: Launcher) -> float | None:
    """Median seconds of `true` over 20 starts; None where there is no such program, or it fails."""
    program = shutil.which("true")
    if program is None:
        return None
    request = Request(argv=(program,), cwd=Path("/"), env=dict(os.environ), timeout_s=_TIMEOUT_S)
    outcomes = [launcher.run(request) for _ in range(_TIMES)]
    return median(o.wall_s for o in outcomes) if all(o.good for o in outcomes) else None
