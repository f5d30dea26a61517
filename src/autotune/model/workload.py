"""How to run a system and what to measure of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from autotune.model.confine import Confine
from autotune.model.instance import Instance, Preparation
from autotune.model.service import Service
from autotune.model.space import Space, Value

Direction: TypeAlias = Literal["minimize", "maximize"]
Network: TypeAlias = Literal["host", "own"]
PLACEHOLDERS = ("python", "out", "data", "duration", "trial", "seed")
"""Fields that every command has besides its parameters."""
PORT = "port"
"""One more where the workload starts a service."""
PREPARED = "{prepared}"
"""Stands for the data as the preparation left it, as what a reset copies."""
RESERVED_FILES = frozenset({"arguments.json", "data", "load.json", "returned.json"})
"""Names in a sample's folder that the drivers use."""

MetricSource: TypeAlias = Literal[
    "regex", "json", "csv", "hdr", "numbers", "wall", "exit", "resource", "returned", "index"
]
Reduce: TypeAlias = Literal["", "mean", "last", "max", "sum"]
Loop: TypeAlias = Literal["open", "closed"]
Arrivals: TypeAlias = Literal["poisson", "constant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number per sample: where it comes from, its unit, and which way is better.

    `where` is the regular expression, JSON path, column, file or name; `count` is a source of the same kind
    for the number of observations behind it (empty: unknown); `file` is read instead of the standard output
    where it is given. A metric with `percentile` or `reduce` reads many values; plain ones are in
    `values_in`. `loop` is how the requests behind it were issued; of a percentile that
    does not say it closed is assumed. `work`, `weights` and `prices` belong to an index.
    """

    name: str
    source: MetricSource
    where: str = ""
    count: str = ""
    file: str = ""
    unit: str = ""
    direction: Direction = "minimize"
    percentile: float | None = None
    reduce: Reduce = ""
    values_in: str = ""
    loop: Loop | None = None
    work: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)

    @property
    def closed_loop(self) -> bool:
        """Whether requests behind it waited for each other, as far as is known."""
        return self.loop == "closed" or (self.loop is None and self.percentile is not None)

    @property
    def many(self) -> bool:
        """Whether it is read from many values of a sample."""
        return self.percentile is not None or self.reduce != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command beside the measured one (reset, check) and the time it may take."""

    command: tuple[str, ...]
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A program (`command`), Python module or file that a workload needs, and the packages it comes from."""

    command: str = ""
    file: str = ""
    module: str = ""
    apt: str = ""
    pip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonCall:
    """A function that is the workload: `module:function`, found from `path`.

    With `calibrate` it is called several times in one process; `calls` is how often (0: once, untimed).
    """

    call: str
    path: Path
    interpreter: str = ""
    calibrate: bool = False
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A `command`, or requests to `url`: on a schedule of `rate_per_s` (open loop), or by waiting `users`.

    One of each two is given. `at_once` bounds an open loop's requests under way; what is done in the first
    `warmup_s` is not measured, what is done in the `duration_s` after it is. A command runs `on` another
    machine where one is named, as ssh://USER@HOST:PORT.
    """

    url: str = ""
    command: tuple[str, ...] = ()
    on: str = ""
    rate_per_s: float | None = None
    users: int | None = None
    duration_s: float
    warmup_s: float = 0.0
    arrivals: Arrivals = "poisson"
    at_once: int = 256
    timeout_s: float = 10.0
    allow_remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A system: how one sample of it runs, what it yields, which parameters it has.

    `folder` is the working directory of every command; `files` maps the name of a file in the sample's own
    folder to the template that it is rendered from; `duration_s` is how long the measured command is meant to
    run, where it is told so by `{duration}`. `environment` names the variables of autotune's own environment
    that the commands see (None: all); `pad_environment` makes its size differ from sample to sample.
    `collectors` are further sources of resources, by name; `services` are what a change has to reach,
    `needs` what has to be installed.
    `instance` is the service that the workload itself starts, in {data}: made by `preparation`, and before
    each sample replaced by `reset_copy`, a folder or PREPARED. `path` are patterns of further folders for
    programs. `build` makes the program from its source, where two states of it are compared.
    """

    name: str
    driver: str
    folder: Path
    command: tuple[str, ...] = ()
    python: PythonCall | None = None
    load: Load | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    metrics: tuple[Metric, ...]
    space: Space
    instance: Instance | None = None
    preparation: Preparation | None = None
    reset: Step | None = None
    reset_copy: str = ""
    check: Step | None = None
    build: Step | None = None
    timeout_s: float = 300.0
    duration_s: float | None = None
    network: Network = "host"
    confine: Confine = field(default_factory=Confine)
    environment: tuple[str, ...] | None = None
    pad_environment: bool = False
    collectors: tuple[str, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()

    def metric(self, name: str) -> Metric:
        """The metric called `name`."""
        return next(m for m in self.metrics if m.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A configuration as one sample receives it; unset and inactive parameters are absent.

    `fields` fills `{name}` in argv, `env` joins the environment, `arguments` are a function's keyword
    arguments; the rendered `files` already stand in the sample's folder. `restart` and `reload` are texts of
    the values for which a service starts anew or reads its values again: other values, another text.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Value] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    restart: str = ""
    reload: str = ""
