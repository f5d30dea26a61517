"""How to run a system and what to measure of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from autotune.model.space import Space, Value

Direction: TypeAlias = Literal["minimize", "maximize"]
PLACEHOLDERS = ("python", "out", "data", "duration", "trial", "seed")
"""Fields that every command has besides its parameters."""
RESERVED_FILES = frozenset({"arguments.json", "data", "returned.json"})
"""Names in a sample's folder that the drivers use."""

MetricSource: TypeAlias = Literal["regex", "json", "wall", "resource", "returned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number per sample: where it comes from, its unit, and which way is better.

    `where` is the regular expression, JSON path or name of the resource; `count` is a source of the same
    kind for the number of observations behind it (empty: unknown); `file` is read instead of the standard
    output where it is given.
    """

    name: str
    source: MetricSource
    where: str = ""
    count: str = ""
    file: str = ""
    unit: str = ""
    direction: Direction = "minimize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command beside the measured one (reset, check) and the time it may take."""

    command: tuple[str, ...]
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonCall:
    """A function that is the workload: `module:function`, found from `path`."""

    call: str
    path: Path
    interpreter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A system: how one sample of it runs, what it yields, which parameters it has.

    `folder` is the working directory of every command; `files` maps the name of a file in the sample's own
    folder to the template that it is rendered from; `duration_s` is how long the measured command is meant to
    run, where it is told so by `{duration}`.
    """

    name: str
    driver: str
    folder: Path
    command: tuple[str, ...] = ()
    python: PythonCall | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    metrics: tuple[Metric, ...]
    space: Space
    reset: Step | None = None
    check: Step | None = None
    timeout_s: float = 300.0
    duration_s: float | None = None

    def metric(self, name: str) -> Metric:
        """The metric called `name`."""
        return next(m for m in self.metrics if m.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A configuration as one sample receives it; unset and inactive parameters are absent.

    `fields` fills `{name}` in argv, `env` joins the environment, `arguments` are a function's keyword
    arguments; rendered files already stand in the sample's folder.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Value] = field(default_factory=dict)
