"""The driver whose workload is a load on a URL."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from autotune.core.errors import WorkloadError
from autotune.core.extras import missing
from autotune.core.url import host, is_loopback
from autotune.measure.fill import fill, optional_fields
from autotune.measure.python import RETURNED
from autotune.model.workload import Applied, Load, Workload

_LOAD = "load.json"


class HttpDriver:
    """Issues the load from a process of its own, whose cost is the sample's; the service runs already."""

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of the process that issues the load, which is described in a file in `folder`.

        Raises WorkloadError where the workload has no load, or its URL leads to another machine without
        `allow_remote`; OSError where the folder cannot be written to.
        """
        if need := missing("http"):
            raise WorkloadError(f"{need}.")
        if workload.load is None:
            raise WorkloadError(f"workload '{workload.name}' has driver http but no 'load: {{url: ...}}'.")
        (url,) = fill([workload.load.url], applied.fields, optional=optional_fields(workload)) or ("",)
        _refuse_remote(url, workload.load)
        (folder / _LOAD).write_text(_description(workload.load, url, applied), encoding="utf-8")
        load, returned = str(folder / _LOAD), str(folder / RETURNED)
        return (sys.executable, "-P", "-m", "autotune.measure.load", load, returned)


def _refuse_remote(url: str, load: Load) -> None:
    try:
        name = host(url)
    except ValueError as error:
        raise WorkloadError(f"no load can be issued: {error}.") from error
    if not load.allow_remote and not is_loopback(name):
        raise WorkloadError(
            f"load on {name} was refused: it is not this machine. "
            "With 'allow_remote: true' under 'load' you say that it may be loaded."
        )


def _description(load: Load, url: str, applied: Applied) -> str:
    return json.dumps(
        {
            "url": url,
            "rate_per_s": load.rate_per_s,
            "users": load.users,
            "duration_s": load.duration_s,
            "warmup_s": load.warmup_s,
            "arrivals": load.arrivals,
            "at_once": load.at_once,
            "timeout_s": load.timeout_s,
            # Not the trial: samples differ by the system, not by the draw of their arrivals.
            "seed": int(applied.fields["seed"]),
        }
    )
