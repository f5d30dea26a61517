"""What to search for, and what counts as proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from autotune.model.space import Config, Risk
from autotune.model.workload import Direction, Workload

LimitKind: TypeAlias = Literal["relative", "absolute"]
PickKind: TypeAlias = Literal["knee", "weights", "lexicographic", "bounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bound that the candidate has to keep on a metric.

    relative: `metric <= bound * baseline` (or >=); absolute: `metric <= bound`. `failures` is the metric that
    counts failed samples of the candidate.
    """

    text: str
    metric: str
    operator: Literal["<=", ">="]
    bound: float
    kind: LimitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """An objective beside the first: its metric, and the margin below which a change of it does not count.

    The margins are those of `Validation`.
    """

    metric: str
    min_gain: float = 0.02
    min_difference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Which point of the Pareto front is wanted.

    knee: the largest sum of gains, each as a share of what the front reaches. weights: the largest weighted
    sum of gains. lexicographic: the best of the first objective, of all `within` (a share; None: its margin)
    of that the best of the second, and so on. bounded: the best of the first objective among those that keep
    the limits `subject_to`.
    """

    kind: PickKind = "knee"
    weights: Mapping[str, float] = field(default_factory=dict)
    within: float | None = None
    subject_to: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerChoice:
    """Which sampler, its seed, and its own options."""

    name: str = "auto"
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """Stop when the last `trials` trials improved the best by less than `gain` (a share)."""

    trials: int
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the whole run may cost: `most`, at `per_hour` of machine time, both in any one currency."""

    per_hour: float
    most: float

    @property
    def seconds(self) -> float:
        """The machine time that `most` pays for."""
        return 3600 * self.most / self.per_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A value of the objective that is good enough: `bound` itself, or so many times the baseline."""

    bound: float
    kind: LimitKind = "absolute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much to spend: trials of the search, seconds and cost of the whole run; and when it is enough.

    Enough is no more progress (`plateau`), a value that was asked for (`target`), or trials that all come
    within a share `convergence` of the best.
    """

    trials: int
    wall_s: float | None = None
    cost: Cost | None = None
    plateau: Plateau | None = None
    target: Target | None = None
    convergence: float | None = None

    @property
    def bound_s(self) -> float | None:
        """Seconds that the whole run may take, by wall time and by cost; None without a bound."""
        bounds = [self.wall_s, None if self.cost is None else self.cost.seconds]
        return min((bound for bound in bounds if bound is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    """End a trial whose sample takes more than `beyond` times (above 1) the baseline's median."""

    beyond: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The proof: most pairs to spend, and the margin below which a difference does not count.

    `min_gain` is a share; `min_difference` is in the metric's unit, for values that are not all positive.
    `candidates` of the search's best are measured afresh for the proof; `reduce` takes back the changes that
    are shown to add nothing.
    """

    candidates: int = 3
    reduce: bool = True
    pairs: int = 40
    min_gain: float = 0.02
    min_difference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Samples per trial: `least` to `most`, until the 95 % interval is within `until` (share) of the mean."""

    least: int = 1
    most: int = 1
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One search: a workload, an objective, limits, a budget, and the rules of proof.

    Of several objectives `objective` is the first: the one that the pick names first, else as declared. The
    margins in `validation` are its own, `further` are the others. The space has one value for each parameter
    in `freeze`. `document` is the resolved study as plain data: written into the store, compared at resume.
    `warm_start` is the reports folder of an earlier study.
    """

    name: str
    path: Path
    workload: Workload
    objective: str
    further: tuple[Objective, ...] = ()
    pick: Pick = field(default_factory=Pick)
    limits: tuple[Limit, ...] = ()
    sampler: SamplerChoice = field(default_factory=SamplerChoice)
    repeats: Repeats = field(default_factory=Repeats)
    baseline_samples: int = 5
    abort: Abort | None = None
    budget: Budget
    validation: Validation = field(default_factory=Validation)
    allow_risk: frozenset[Risk] = frozenset()
    baseline: Config
    enqueue: tuple[Config, ...] = ()
    warm_start: Path | None = None
    freeze: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def direction(self) -> Direction:
        """Which way the objective improves."""
        return self.workload.metric(self.objective).direction

    @property
    def objectives(self) -> tuple[str, ...]:
        """The metrics of all objectives, the first one first."""
        return (self.objective, *(one.metric for one in self.further))

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Which way each objective improves."""
        return tuple(self.workload.metric(name).direction for name in self.objectives)

    @property
    def each(self) -> tuple[Study, ...]:
        """The study as if it had one objective, for each of them, with that one's margins."""
        first = replace(self, further=(), pick=Pick())
        return (first, *(_alone(first, one) for one in self.further))

    def of(self, metric: str) -> Study:
        """The study as if the objective `metric` were its only one; itself for any other metric."""
        return next((one for one in self.each if one.objective == metric), self)


def _alone(study: Study, one: Objective) -> Study:
    rules = replace(study.validation, min_gain=one.min_gain, min_difference=one.min_difference)
    return replace(study, objective=one.metric, validation=rules)
