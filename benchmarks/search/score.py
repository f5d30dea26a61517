"""The score of a search: the share of random search's remaining gap that it closes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import TypeAlias

BUDGETS = (25, 50, 100, 200)
"""Measurements at which a search without noise is scored."""

NOISY_BUDGETS = (50, 100, 200)
"""Under noise each is a search of its own: what is set aside for the end depends on the budget."""

_AT_OPTIMUM = 1e-4
"""Where random search leaves less than this share of the way to the best, there is no gap to close."""

Cells: TypeAlias = Mapping[str, Mapping[int, float]]
"""By space and seed, the score of a run."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over spaces, its standard error, and the runs behind it."""

    value: float
    error: float
    runs: int

    @property
    def shown(self) -> str:
        """`.65 ± .02`."""
        return f"{points(self.value)} ± {points(self.error)}"


def budgets(last: int) -> tuple[int, ...]:
    """Where a search without noise of `last` measurements is scored."""
    return tuple(sorted({budget for budget in BUDGETS if budget < last} | {last}))


def gap(found: float, random: float, best: float, typical: float) -> float | None:
    """(random - found) / (random - best), cut to [-1, 1]: 0 is about random, 1 the optimum.

    The form of Willemsen et al. 2024, over measurements instead of time.

    `random` is what random search is expected to find with as many measurements. All are costs: less is
    better. None where random search is at the optimum itself.
    """
    left = random - best
    if left <= _AT_OPTIMUM * (typical - best):
        return None
    return max(-1.0, min(1.0, (random - found) / left))


def over(gaps: Sequence[float | None], budgets: Sequence[int], at_most: int) -> float | None:
    """The mean of a run's gaps at the budgets up to `at_most`; None where the run did not get so far.

    NaN stands for a budget that the run did not reach, None for one at which there is nothing to close.
    """
    chosen = [g for g, budget in zip(gaps, budgets, strict=True) if budget <= at_most and g is not None]
    if not chosen or any(math.isnan(g) for g in chosen):
        return None
    return fmean(chosen)


def mean(cells: Cells) -> Mean | None:
    """The mean over spaces of each space's mean over its runs; None without runs.

    Its standard error is that of these spaces with other seeds: it says nothing of other spaces. Where a
    space has a single run, its variance is taken to be that of the others.
    """
    spaces = [list(runs.values()) for runs in cells.values() if runs]
    if not spaces:
        return None
    pooled = fmean([variance(runs) for runs in spaces if len(runs) > 1] or [math.nan])
    parts = [(variance(runs) if len(runs) > 1 else pooled) / len(runs) for runs in spaces]
    return Mean(
        value=fmean(fmean(runs) for runs in spaces),
        error=math.sqrt(math.fsum(parts)) / len(spaces),
        runs=sum(map(len, spaces)),
    )


def paired(cells: Cells, other: Cells) -> Cells:
    """By how much `cells` is ahead of `other` where both have a run of the same space and seed."""
    found = {
        space: {seed: score - other[space][seed] for seed, score in runs.items() if seed in other[space]}
        for space, runs in cells.items()
        if space in other
    }
    return {space: runs for space, runs in found.items() if runs}


def ahead(differences: Cells) -> int:
    """In how many spaces the mean difference is above zero."""
    return sum(fmean(runs.values()) > 0 for runs in differences.values())


def cells(runs: Iterable[tuple[str, int, float | None]]) -> Cells:
    """Scores by space and seed; those that are None are left out."""
    found: dict[str, dict[int, float]] = {}
    for space, seed, score in runs:
        if score is not None:
            found.setdefault(space, {})[seed] = score
    return found


def points(value: float) -> str:
    """Two digits behind the point, without the zero before it: `.65`, `-.09`, `1.00`."""
    if math.isnan(value):
        return "?"
    text = f"{value:.2f}"
    return "0" if float(text) == 0 else text.replace("0.", ".", 1)
