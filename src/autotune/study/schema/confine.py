"""Bounds, as they are written in a workload file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from autotune.study.schema.fields import Duration, Size, Strict


class ConfineForm(Strict):
    """Bounds of the measured command with all its descendants."""

    memory: Size | None = Field(None, description="Memory of all its processes, such as 512MiB.")
    pids: Annotated[int, Field(ge=2)] | None = Field(
        None, description="Processes and threads at once; whoever starts the first counts meanwhile."
    )
    idle: Duration | None = Field(None, description="The longest time without CPU use and output.")
    file_size: Size | None = Field(None, description="The largest file that it may write.")
    cpus: list[Annotated[int, Field(ge=0)]] = Field(
        default_factory=list, description="CPUs that it may run on, by number; empty: all."
    )
    nice: int = Field(0, ge=0, le=19, description="How far it steps back behind others.")
