"""The service that a workload starts itself, and its load, as they are written in its file."""

from __future__ import annotations

from pydantic import Field

from autotune.study.schema.confine import ConfineForm
from autotune.study.schema.fields import Duration, Strict, Text


class SignForm(Strict):
    """How it is seen that the service works: one of the first four."""

    tcp: Text | None = Field(None, description="HOST:PORT where somebody has to answer.")
    http: Text | None = Field(None, description="URL that has to be answered with 200 to 399.")
    command: list[Text] = Field(
        default_factory=list, description="Program and arguments that have to end with 0; never a shell."
    )
    log: Text | None = Field(None, description="Regular expression for a line that the service prints.")
    within: Duration = Field("30s", description="The longest that a start may take.")


class InstanceForm(Strict):
    """The service, started for the samples alone: in {data}, its own folder, on {port}, a free one."""

    start: list[Text] = Field(
        min_length=1, description="Program and arguments; it stays in the foreground, never a shell."
    )
    stop: Text | list[Text] = Field("TERM", description="A signal, or the command, that ends it in order.")
    reload: Text | list[Text] | None = Field(
        None, description="A signal, or the command, that makes it read its values again."
    )
    ready: SignForm | None = Field(None, description="How it is seen that it works.")
    user: Text | None = Field(
        None,
        description="System user that runs it where autotune is root, else nobody; self: autotune's own.",
    )
    confine: ConfineForm | None = Field(None, description="Bounds of the service.")


class PreparationForm(Strict):
    """What is done once, before the first sample: it makes the data."""

    command: list[Text] = Field(
        default_factory=list,
        description="Run as the service's user in an empty {data}, before its first start.",
    )
    running: list[Text] = Field(
        default_factory=list, description="Run when the service works for the first time; then it is stopped."
    )
    timeout: Duration = Field("120s", description="The longest that each of them may take.")


class ResetForm(Strict):
    """Brings the data back to the same start before each sample, not measured: one of command and copy."""

    command: list[Text] = Field(default_factory=list, description="Program and arguments; never a shell.")
    copy_: Text | None = Field(
        None,
        alias="copy",
        description="Folder that replaces {data} before the start; {prepared}: what 'prepare' made.",
    )
    timeout: Duration = Field("60s", description="The longest that it may take.")
