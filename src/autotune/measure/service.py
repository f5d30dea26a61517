"""The driver whose workload is a load on a service that it starts itself."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import urlsplit

from autotune.core.errors import WorkloadError
from autotune.measure.fill import fill, optional_fields
from autotune.model.workload import Applied, Workload


class ServiceDriver:
    """Runs the load's command, here or on the machine that the load names."""

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of the load; raises WorkloadError without one, and for an unknown placeholder."""
        del folder  # reaches the command as {out}
        if workload.load is None or not workload.load.command:
            raise WorkloadError(
                f"workload '{workload.name}' has driver service but no 'load: {{command: ...}}'."
            )
        argv = fill(workload.load.command, applied.fields, optional=optional_fields(workload))
        return _over_ssh(workload.load.on, argv) if workload.load.on else argv


def _over_ssh(machine: str, argv: tuple[str, ...]) -> tuple[str, ...]:
    """`argv` as ssh runs it there; its shell over there sees every element quoted, so as one word."""
    parts = urlsplit(machine)
    port = ("-p", str(parts.port)) if parts.port else ()
    user = f"{parts.username}@" if parts.username else ""
    return ("ssh", "-o", "BatchMode=yes", *port, f"{user}{parts.hostname}", "--", shlex.join(argv))
