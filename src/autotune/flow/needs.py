"""Refuses work whose programs or modules are not here, before anything is measured."""

from __future__ import annotations

from autotune.core.errors import WorkloadError
from autotune.measure.missing import missing, sentence
from autotune.model.workload import Workload


def refuse_missing(*workloads: Workload) -> None:
    """Raises WorkloadError, with the command that installs it, where something that one needs is missing."""
    for workload in workloads:
        if absent := missing(workload):
            raise WorkloadError(sentence(absent, workload))
