"""What a study will cost: how many samples, and how long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from autotune.core.units import show_seconds
from autotune.flow.sentinel import due
from autotune.flow.validate import least_samples, most_samples
from autotune.model.study import Budget, Study
from autotune.search.budget import CONVERGED
from autotune.store.store import Store

_OVERHEAD_S = 0.3
"""Of a sample beside its duration: starting processes, reset, check (a guess, until a sample was timed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The fewest and the most samples, and the seconds for them; None where a sample's time is unknown."""

    least_samples: int
    most_samples: int
    least_s: float | None
    most_s: float | None

    def sentence(self) -> str:
        """The estimate in words."""
        samples = f"{self.least_samples} to {self.most_samples} samples"
        if self.least_samples == self.most_samples:
            samples = f"{self.most_samples} samples"
        if self.least_s is None or self.most_s is None:
            return f"{samples}; how long one takes is not known before the first run"
        low, high = show_seconds(self.least_s), show_seconds(self.most_s)
        return f"{samples}, about {high}" if low == high else f"{samples}, about {low} to {high}"


def expected(study: Study, sample_s: float | None = None) -> Estimate:
    """The cost of `study` when a sample takes `sample_s` seconds, or what the workload's duration tells.

    Fewest: the first rule of the budget ends the search as soon as it can, the proof ends at its first look,
    with nothing to reduce. Most: all trials, repeats, blocks and pairs, one pair in five twice, within the
    budget's time. A space with fewer configurations than trials ends the search earlier.
    """
    trials = int(min(study.budget.trials, _configurations(study)))
    fewest_trials = min(trials, _fewest(study.budget))
    fixed = study.baseline_samples
    least = fixed + fewest_trials * study.repeats.least + _sentinels(fewest_trials) + least_samples(study)
    most = fixed + trials * study.repeats.most + _sentinels(trials) + most_samples(study)
    each = _sample_s(study) if sample_s is None else sample_s
    wall = study.budget.bound_s or math.inf
    return Estimate(
        least_samples=least,
        most_samples=most,
        least_s=None if each is None else min(least * each, wall),
        most_s=None if each is None else min(most * each, wall),
    )


def _fewest(budget: Budget) -> int:
    """The trials after which the first rule can end the search."""
    rules = [budget.trials]
    if budget.target is not None:
        rules.append(1)
    if budget.plateau is not None:
        rules.append(budget.plateau.trials)
    if budget.convergence is not None:
        rules.append(CONVERGED)
    return min(rules)


def _sentinels(trials: int) -> int:
    """Samples of the baseline and of the incumbent that are taken again during the search."""
    return 2 * sum(map(due, range(trials)))


def sample_seconds(study: str, *, reports: Path) -> float | None:
    """Median seconds of a good sample in the study's last run; None where it has none yet."""
    path = reports / study / "study.db"
    if not path.exists():
        return None
    with Store.open(path, create=False, read_only=True) as store:
        return store.sample_seconds(study)


def _configurations(study: Study) -> float:
    return study.workload.space.size()


def _sample_s(study: Study) -> float | None:
    duration = study.workload.duration_s
    return None if duration is None else duration + _OVERHEAD_S
