"""A workload file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from autotune.model.workload import Direction
from autotune.study.schema.fields import Duration, EnvName, Expression, FileName, Identifier, Strict, Text
from autotune.study.schema.parameter import ParameterForm

SOURCES = ("regex", "json", "wall", "resource", "returned")


class MetricForm(Strict):
    """One number per sample; regex, json, wall, resource or returned says where it comes from."""

    regex: Text | None = Field(None, description="Regular expression; its first group is the number.")
    json_: Text | None = Field(None, alias="json", description="JSON path, such as $.ops.")
    wall: Literal[True] | None = Field(None, description="true: seconds that the measured command took.")
    resource: Text | None = Field(None, description="What the sample cost, such as cpu_s.")
    returned: Text | None = Field(None, description="Key of the mapping that the function returned.")
    unit: Text | None = Field(None, description="Unit that figures are converted to and shown in.")
    direction: Direction = Field("minimize", description="Which way the metric improves.")
    count: Text | None = Field(
        None, description="Where the number of observations behind it is found; same kind as the metric."
    )
    file: Text | None = Field(
        None, description="Read this file instead of the output; relative to the sample's own folder."
    )

    @property
    def sources(self) -> dict[str, str]:
        """The keys that say where the number comes from, each with its text: one in a correct file."""
        wall = "true" if self.wall else None
        given = (self.regex, self.json_, wall, self.resource, self.returned)
        return {key: value for key, value in zip(SOURCES, given, strict=True) if value is not None}


class StepForm(Strict):
    """A command beside the measured one."""

    command: list[Text] = Field(min_length=1, description="Program and arguments; never a shell.")
    timeout: Duration = Field("60s", description="The longest that it may take.")


class PythonForm(Strict):
    """The function that is the workload."""

    call: Text = Field(description="module:function")
    path: Text = Field(".", description="Folder that the module is imported from.")
    interpreter: Text = Field("", description="Python to run it with; empty: the one that runs autotune.")
    calibrate: bool = Field(
        default=False, description="true: call it so often in one sample that starting Python hardly counts."
    )


class WorkloadForm(Strict):
    """How to run and measure a system, and which parameters it has."""

    workload: FileName = Field(description="Name of the workload.")
    driver: Text = Field("command", description="What runs a sample: command or python.")
    folder: Text = Field(
        ".", description="Working directory, relative to this file; other paths are relative to it."
    )
    command: list[Text] = Field(default_factory=list, description="Program and arguments of one sample.")
    python: PythonForm | None = Field(None, description="For driver python: the function to call.")
    env: dict[EnvName, Text] = Field(default_factory=dict, description="Environment variables.")
    files: dict[FileName, Text] = Field(
        default_factory=dict, description="Files made in the sample's folder, each from its template."
    )
    timeout: Duration = Field("300s", description="The longest that a sample may take.")
    duration: Duration | None = Field(None, description="How long a sample is meant to run: {duration}.")
    reset: StepForm | None = Field(None, description="Brings the data back to the same start; not measured.")
    check: StepForm | None = Field(None, description="Says by its exit code whether the answers are right.")
    metrics: dict[Identifier, MetricForm] = Field(min_length=1, description="Numbers that a sample yields.")
    parameters: dict[Identifier, ParameterForm] = Field(min_length=1, description="What can be tuned.")
    constraints: list[Expression] = Field(
        default_factory=list, description="Expressions that have to hold for every configuration."
    )
