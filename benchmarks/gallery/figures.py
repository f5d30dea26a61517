"""The overall figures: geometric means over systems, with intervals, beside what the design aims at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

_DRAWS = 20_000
_SEED = 1
_LEVEL = 0.95
_FEWEST = 3
"""Systems below which an interval over systems says nothing."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure: its name in the kept results, how it is called, and the share that the design aims at.

    `least` shares are to be reached from below (more is better); the others are to be fallen short of.
    """

    key: str
    text: str
    target: float | None
    least: bool

    def met(self, share: float) -> bool:
        """Whether the share reaches the target."""
        return self.target is not None and (share >= self.target if self.least else share <= self.target)


GOALS = (
    Goal("throughput", "throughput", 1.40, least=True),
    Goal("response_time", "response time", 0.70, least=False),
    Goal("efficiency", "work per resource, all known ones", 1.25, least=True),
    Goal("cpu", "work per CPU second", 1.25, least=True),
    Goal("memory", "work per byte second of memory", 1.25, least=True),
    Goal("storage", "work per byte of storage", 1.25, least=True),
    Goal("network", "work per byte of network", 1.25, least=True),
)
"""The targets of the design: 40 % more throughput, 30 % less response time, 25 % better efficiency."""

_RESOURCES = ("cpu", "memory", "storage", "network")


@dataclass(frozen=True, slots=True)
class Overall:
    """One goal over systems: the geometric mean of their shares, its interval, the median, who meets it."""

    goal: Goal
    systems: tuple[str, ...]
    share: float
    middle: float
    low: float | None
    high: float | None
    met: tuple[str, ...]


def slack(results: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The systems in which there was something to gain: those with a proven gain."""
    return [result for result in results if result["verdict"] and result["verdict"]["proven"]]


def shares(result: Mapping[str, Any]) -> dict[str, float]:
    """Tuned as a share of the baseline; of resources, work per resource. All 1 where nothing is proven."""
    figures = result["figures"]
    work = {name: 1 / figures[name] for name in _RESOURCES if name in figures}
    found = {name: figures[name] for name in ("throughput", "response_time") if name in figures} | work
    if work:
        found["efficiency"] = float(np.exp(np.mean(np.log(list(work.values())))))
    proven = bool(result["verdict"] and result["verdict"]["proven"])
    return found if proven else dict.fromkeys(found, 1.0)


def overall(results: Sequence[Mapping[str, Any]]) -> Iterator[Overall]:
    """Each goal over those of the systems that have its figure."""
    for goal in GOALS:
        known = {r["name"]: shares(r)[goal.key] for r in results if goal.key in shares(r)}
        if known:
            low, high = interval(list(known.values()))
            share = float(np.exp(np.mean(np.log(list(known.values())))))
            met = tuple(name for name, value in known.items() if goal.met(value))
            yield Overall(goal, tuple(known), share, median(known.values()), low, high, met)


def interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """The 95 % interval of the geometric mean, by resampling systems; None where they are too few."""
    if len(values) < _FEWEST:
        return None, None
    random = np.random.default_rng(_SEED)
    logs = np.log(np.array(values))
    means = logs[random.integers(len(logs), size=(_DRAWS, len(logs)))].mean(axis=1)
    low, high = np.quantile(np.exp(means), ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
    return float(low), float(high)
