"""Services of a workload, as they are written in its file."""

from __future__ import annotations

from pydantic import Field

from autotune.study.schema.fields import Duration, Strict, Text


class ReadyForm(Strict):
    """How it is seen that a service works: one of tcp and command."""

    tcp: Text | None = Field(None, description="HOST:PORT where somebody has to answer.")
    command: list[Text] = Field(
        default_factory=list, description="Program and arguments that have to end with 0; never a shell."
    )
    within: Duration = Field("30s", description="The longest that a reload or a restart may take.")


class ServiceForm(Strict):
    """A unit of systemd, or the commands that start, stop and reload a service."""

    unit: Text | None = Field(None, description="Unit of systemd, such as postgresql.service.")
    start: list[Text] = Field(default_factory=list, description="Program and arguments that start it.")
    stop: list[Text] = Field(default_factory=list, description="Program and arguments that stop it.")
    reload: list[Text] = Field(
        default_factory=list, description="Program and arguments that make it read its values again."
    )
    signal: Text | None = Field(None, description="In place of reload: a signal such as HUP.")
    pidfile: Text | None = Field(None, description="File with the number of the process to signal.")
    ready: ReadyForm | None = Field(None, description="How it is seen that it works.")
