"""How long the disk takes to make a write durable, and how evenly."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from autotune.measure.doctor.finding import Finding, Health

_TIMES = 20
_BLOCK = bytes(4096)
_UNEVEN = 5.0
"""Longest against median: from there on a workload that syncs has outliers from the disk alone."""


def finding(folder: Path) -> Finding:
    """Median and longest of 20 writes of 4 KiB with fsync, in a file of `folder` that is gone afterwards."""
    name = "disk fsync"
    try:
        seconds = _syncs(folder)
    except OSError as error:
        return Finding(name=name, state=Health.UNKNOWN, seen=f"{folder}: {error.strerror}")
    middle, longest = median(seconds), max(seconds)
    seen = f"median {1e3 * middle:.3g} ms, longest {1e3 * longest:.3g} ms of {_TIMES} in {folder}"
    if longest < _UNEVEN * middle:
        return Finding(name=name, state=Health.OK, seen=seen)
    return Finding(
        name=name,
        state=Health.NOISY,
        seen=seen,
        why="a workload that syncs waits unevenly: others use the disk, or it collects its writes",
        mend="iostat -x 1 5",
    )


def _syncs(folder: Path) -> list[float]:
    with tempfile.TemporaryFile(dir=folder, prefix="autotune-") as file:
        return [_sync(file.fileno()) for _ in range(_TIMES)]


def _sync(descriptor: int) -> float:
    os.write(descriptor, _BLOCK)
    began = time.perf_counter()
    os.fsync(descriptor)
    return time.perf_counter() - began
