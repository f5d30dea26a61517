"""The whole examination, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autotune.measure.doctor import capabilities, cpu, disk, memory, neighbours, system
from autotune.measure.doctor.finding import Finding, Machine
from autotune.model.workload import Workload

NEIGHBOURS_S = 5.0
"""How long neighbours are watched: 1 % of two CPUs are then ten ticks."""


def examine(
    machine: Machine,
    *,
    folder: Path,
    seconds: float = NEIGHBOURS_S,
    workload: Workload | None = None,
) -> Iterator[Finding]:
    """Everything that makes measuring on `machine` noisy, or something impossible; changes nothing.

    `folder` is where the disk is tried, `seconds` how long neighbours are watched; with `workload` also what
    it needs.
    """
    if workload is not None:
        yield from system.findings(workload)
    yield from cpu.findings(machine)
    yield from memory.findings(machine)
    yield from neighbours.findings(machine, seconds)
    yield disk.finding(folder)
    yield from capabilities.findings(machine)
