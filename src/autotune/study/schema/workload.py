"""A workload file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from autotune.judge.efficiency import IndexName
from autotune.model.workload import Direction, Loop, Network
from autotune.study.schema.confine import ConfineForm
from autotune.study.schema.fields import (
    Duration,
    DurationOrZero,
    EnvName,
    Expression,
    FileName,
    Identifier,
    ModuleName,
    Package,
    Rate,
    Strict,
    Text,
)
from autotune.study.schema.instance import InstanceForm, PreparationForm, ResetForm
from autotune.study.schema.parameter import ParameterForm
from autotune.study.schema.services import ServiceForm

SOURCES = ("regex", "json", "csv", "hdr", "numbers", "wall", "exit", "resource", "returned", "index")
"""Keys that say where a metric comes from; each metric has one of them."""

Percent = Annotated[float, Field(gt=0, lt=100)]
Weight = Annotated[float, Field(ge=0)]


class PricesForm(Strict):
    """Prices, in any one currency."""

    cpu_hour: Weight = Field(0.0, description="Of a CPU for an hour.")
    gib_hour: Weight = Field(0.0, description="Of a GiB of memory for an hour.")


class MetricForm(Strict):
    """One number per sample; one of the first keys says where it comes from."""

    regex: Text | None = Field(None, description="Regular expression; its first group is the number.")
    json_: Text | None = Field(None, alias="json", description="JSON path, such as $.ops.")
    csv: Text | None = Field(None, description="Column of a table with a header; its name in the header.")
    hdr: Text | None = Field(None, description="File that is a log of HdrHistograms.")
    numbers: Text | None = Field(None, description="File with one number a line.")
    wall: Literal[True] | None = Field(None, description="true: seconds that the measured command took.")
    exit: Literal[True] | None = Field(
        None, description="true: the exit code; another one than 0 is then no failure by itself."
    )
    resource: Text | None = Field(None, description="What the sample cost, such as cpu_s.")
    returned: Text | None = Field(None, description="Key of the mapping that the function returned.")
    index: IndexName | None = Field(None, description="How well the sample used the machine.")
    work: Identifier | None = Field(None, description="For an index: the metric that is the work done.")
    weights: dict[Text, Weight] | None = Field(
        None, description="For a composed index: other weights of its parts."
    )
    prices: PricesForm | None = Field(None, description="For cost_per_work: what CPU and memory cost.")
    unit: Text | None = Field(None, description="Unit that figures are converted to and shown in.")
    direction: Direction = Field("minimize", description="Which way the metric improves.")
    percentile: Percent | None = Field(None, description="Of many values this percentile, such as 95.")
    reduce: Literal["mean", "last", "max", "sum"] | None = Field(
        None, description="Of many values their mean, last, max or sum."
    )
    values_in: Text | None = Field(
        None, description="Unit of plain numbers among many values; else they are in the metric's unit."
    )
    loop: Loop | None = Field(
        None, description="How the requests behind latencies were issued; closed hides what a stall delays."
    )
    count: Text | None = Field(
        None, description="Where the number of observations behind it is found; same kind as the metric."
    )
    file: Text | None = Field(
        None, description="Read this file instead of the output; relative to the sample's own folder."
    )

    @property
    def sources(self) -> dict[str, str]:
        """The keys that say where the number comes from, each with its text: one in a correct file."""
        wall, ending = ("true" if flag else None for flag in (self.wall, self.exit))
        texts = (self.regex, self.json_, self.csv, self.hdr, self.numbers)
        given = (*texts, wall, ending, self.resource, self.returned, self.index)
        return {key: value for key, value in zip(SOURCES, given, strict=True) if value is not None}

    @property
    def many(self) -> bool:
        """Whether it is read from many values of a sample."""
        return self.percentile is not None or self.reduce is not None


class StepForm(Strict):
    """A command beside the measured one."""

    command: list[Text] = Field(min_length=1, description="Program and arguments; never a shell.")
    timeout: Duration = Field("60s", description="The longest that it may take.")


class BuildForm(StepForm):
    """What makes the program from its source; `autotune gate` runs it once for each of the two."""

    timeout: Duration = Field("10m", description="The longest that it may take.")


class NeedForm(Strict):
    """A program, a Python module or a file that has to be there, and what it is installed from."""

    command: Text | None = Field(None, description="Program, looked for in PATH.")
    file: Text | None = Field(None, description="File by its absolute path, such as a header.")
    module: ModuleName | None = Field(None, description="Python module, looked for by {python}.")
    apt: Package | None = Field(None, description="Debian package that holds it.")
    pip: Package | None = Field(None, description="Python package that holds it.")


class PythonForm(Strict):
    """The function that is the workload."""

    call: Text = Field(description="module:function")
    path: Text = Field(".", description="Folder that the module is imported from.")
    interpreter: Text = Field("", description="Python to run it with; empty: the one that runs autotune.")
    calibrate: bool = Field(
        default=False, description="true: call it so often in one sample that starting Python hardly counts."
    )


class LoadForm(Strict):
    """What a service has to do: a command for driver service, requests to a URL for driver http."""

    command: list[Text] = Field(default_factory=list, description="Program and arguments; never a shell.")
    on: Text | None = Field(None, description="Machine that runs the command, as ssh://USER@HOST.")
    url: Text | None = Field(None, description="What each request asks for, such as http://127.0.0.1:8080/.")
    rate: Rate | None = Field(None, description="Open loop: so many requests are due, whatever the answers.")
    users: int | None = Field(
        None, ge=1, le=900, description="Closed loop: so many users, each waits for its answer."
    )
    duration: Duration = Field("10s", description="Measured time.")
    warmup: DurationOrZero = Field("2s", description="Time before it, whose requests are not measured.")
    arrivals: Literal["poisson", "constant"] = Field("poisson", description="Gaps of the open loop.")
    concurrency: int = Field(
        256, ge=1, le=900, description="Requests of the open loop under way at once; further ones wait."
    )
    timeout: Duration = Field("10s", description="The longest that an answer may take.")
    allow_remote: bool = Field(False, description="Allow load on another machine than this one.")


class WorkloadForm(Strict):
    """How to run and measure a system, and which parameters it has."""

    workload: FileName = Field(description="Name of the workload.")
    driver: Text = Field("command", description="What runs a sample: command, python, service or http.")
    folder: Text = Field(
        ".", description="Working directory, relative to this file; other paths are relative to it."
    )
    command: list[Text] = Field(default_factory=list, description="Program and arguments of one sample.")
    python: PythonForm | None = Field(None, description="For driver python: the function to call.")
    load: LoadForm | None = Field(None, description="For driver service and http: the load.")
    env: dict[EnvName, Text] = Field(default_factory=dict, description="Environment variables.")
    files: dict[FileName, Text] = Field(
        default_factory=dict, description="Files made in the sample's folder, each from its template."
    )
    timeout: Duration = Field("300s", description="The longest that a sample may take.")
    duration: Duration | None = Field(None, description="How long a sample is meant to run: {duration}.")
    network: Network = Field(
        "host", description="own: a network of its own, loopback only, counted apart (needs root)."
    )
    path: list[Text] = Field(
        default_factory=list, description="Further folders for programs; with * the last in order goes first."
    )
    confine: ConfineForm | None = Field(None, description="Bounds of the measured command.")
    environment: list[EnvName] | None = Field(
        None, description="Variables that are passed on to the commands; left out: all."
    )
    pad_environment: bool = Field(
        default=False, description="true: an environment of another size for each sample."
    )
    collectors: list[Text] = Field(
        default_factory=list, description="Further sources of resources, such as gpu."
    )
    service: InstanceForm | None = Field(None, description="The service to start for the samples.")
    prepare: PreparationForm | None = Field(None, description="Makes the service's data, once.")
    reset: ResetForm | None = Field(None, description="Brings the data back to the same start; not measured.")
    check: StepForm | None = Field(None, description="Says by its exit code whether the answers are right.")
    build: BuildForm | None = Field(None, description="Makes the program; run by autotune gate alone.")
    metrics: dict[Identifier, MetricForm] = Field(min_length=1, description="Numbers that a sample yields.")
    parameters: dict[Identifier, ParameterForm] = Field(
        default_factory=dict, description="What can be tuned; a study needs one."
    )
    services: dict[Identifier, ServiceForm] = Field(
        default_factory=dict, description="Services that a change of a parameter has to reach."
    )
    needs: list[NeedForm] = Field(default_factory=list, description="What has to be installed.")
    constraints: list[Expression] = Field(
        default_factory=list, description="Expressions that have to hold for every configuration."
    )
