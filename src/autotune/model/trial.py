"""What was measured: samples, and the trials that they make up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from autotune.model.space import Config, Value

Quality: TypeAlias = Literal["exact", "sampled", "floor", "unavailable"]


class State(StrEnum):
    """How a sample or a trial ended (a trial starts as running)."""

    RUNNING = "running"
    OK = "ok"
    FAILED_CONFIG = "failed(config)"
    FAILED_ENVIRONMENT = "failed(environment)"
    TIMEOUT = "timeout"
    INFEASIBLE = "infeasible"
    INTERRUPTED = "interrupted"
    ABORTED = "aborted"

    @property
    def failed(self) -> bool:
        """Whether the configuration is to blame: an answer, told to the sampler as infeasible."""
        return self in {State.FAILED_CONFIG, State.TIMEOUT}

    @property
    def valued(self) -> bool:
        """Whether a trial that ended so has a value: measured, or the bound at which it was aborted."""
        return self in {State.OK, State.ABORTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a sample cost the machine in one respect, and how far the figure can be trusted."""

    name: str
    value: float | None
    unit: str
    source: str
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Readings over the sample: `columns` maps a name to as many values as `seconds` has."""

    seconds: tuple[float, ...] = ()
    columns: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentile:
    """One percentile, 0 < `percent` < 100, with its 95 % interval by order statistics."""

    percent: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Many values of one sample: their count, mean and ends, percentiles, and a histogram.

    Only percentiles for which there are values enough. `counts[i]` values lie from `edges[i]` to
    `edges[i + 1]`. `closed` says that a closed loop produced them, one request after the answer to the other,
    so that a stall hides the requests that it delayed (coordinated omission).
    """

    unit: str = ""
    count: int
    mean: float
    least: float
    most: float
    percentiles: tuple[Percentile, ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    closed: bool = True

    def at(self, percent: float) -> Percentile | None:
        """The percentile, or None where it was not given."""
        return next((p for p in self.percentiles if p.percent == percent), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of the workload under one configuration.

    `metrics` holds finite numbers only, in the metric's unit; `counts` the observations behind them;
    `distributions` what is known of metrics that are read from many values, by the metric's name;
    `reason` says why it failed; `output` is the kept head and tail of what the workload printed,
    `warnings` what else the reader should know (a process that was left behind).
    `started` is seconds since the epoch, `monotonic` seconds of the host's monotonic clock, `wall_s` the
    measured command alone, `total_s` with reset, check and the `changing_s` that it took to bring the machine
    to the configuration. `coerced` holds, by parameter, what was asked and what the machine made of it.
    """

    state: State
    reason: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    series: Series = field(default_factory=Series)
    started: float = 0.0
    monotonic: float = 0.0
    wall_s: float = 0.0
    total_s: float = 0.0
    changing_s: float = 0.0
    coerced: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    output: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A configuration that the search measured; `value` is the objective's mean over its good samples.

    It is their median where the objective is a percentile. `origin` says where it came from: default,
    enqueued, or the sampler's name. `further` holds the values of further objectives in their order.
    The value of an aborted trial is a bound: it was ended when it had come so far, its own is no better
    (censored).
    `violation` is how far the limits were missed (0 and below: held), as seen in the search.
    """

    number: int
    config: Config
    origin: str
    state: State = State.RUNNING
    reason: str = ""
    value: float | None = None
    further: tuple[float, ...] = ()
    violation: float = 0.0
    samples: tuple[Sample, ...] = ()

    @property
    def coerced(self) -> dict[str, tuple[Value, Value]]:
        """By parameter, what was asked and what the machine made of it, over all samples."""
        return {name: both for sample in self.samples for name, both in sample.coerced.items()}
