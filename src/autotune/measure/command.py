"""The driver whose workload is a command line."""

from __future__ import annotations

from pathlib import Path

from autotune.measure.fill import fill, optional_fields
from autotune.model.workload import Applied, Workload


class CommandDriver:
    """Runs the workload's command with its placeholders filled."""

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of one sample; raises WorkloadError for a placeholder that nothing fills."""
        del folder  # reaches the command as {out} and {data}
        return fill(workload.command, applied.fields, optional=optional_fields(workload))
