"""Measures a configuration against itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.flow.bench_target import Target
from autotune.flow.compare import Room, compared
from autotune.flow.compare_rules import Comparison, Rules, ruled
from autotune.flow.compare_target import twice
from autotune.judge.selftest import SelfTest, selftest
from autotune.model.floor import Floor
from autotune.model.run import Confirmation
from autotune.model.space import Space
from autotune.model.workload import Workload

_LOOP = "total = 0\nfor number in range(500_000): total += number * number"
"""Some 50 ms of one core, and next to no memory: what is left is the machine's own noise."""


def built_in_target() -> Target:
    """A short loop of the Python interpreter, which every machine has."""
    workload = Workload(
        name="the built-in loop",
        driver="command",
        folder=Path.cwd(),
        command=("{python}", "-I", "-S", "-c", _LOOP),
        metrics=(),
        space=Space(parameters=()),
        timeout_s=60.0,
    )
    return Target(workload=workload, base={})


def against_itself(target: Target, rules: Rules) -> Comparison:
    """`target` on both sides, by a study's margin but without its limits and its further objectives."""
    found = ruled(twice(target), rules)
    return replace(found, plan=replace(found.plan, limits=(), others=()))


def tested(comparison: Comparison, room: Room) -> tuple[Confirmation, SelfTest]:
    """All pairs measured, whatever a look says, and what they show.

    Raises WorkloadError where too many samples fail.
    """
    measured = compared(comparison, room, enough=lambda _: False)
    found = selftest(comparison.plan, measured, seed=comparison.seed)
    if found is None:
        name = comparison.arms.baseline.workload.name
        raise WorkloadError(f"too few samples of '{name}' are good to say anything. Make it reliable first.")
    return measured, found


def floor_of(name: str, metric: str, found: SelfTest, *, at: datetime) -> Floor:
    """The floor that was found for the workload called `name`, at a moment with its time zone."""
    return Floor(
        workload=name,
        metric=metric,
        value=found.floor,
        relative=found.relative,
        pairs=found.pairs,
        measured=at.isoformat(timespec="seconds"),
    )
