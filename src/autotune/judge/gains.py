"""By how much points are better than the baseline, objective by objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotune.judge.walsh import Floats
from autotune.model.study import Study
from autotune.model.workload import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Gains of n points over the baseline in k objectives.

    `values`: (n, k), positive is better; `margins`: (k,) on their scale.
    `relative`: (k,) whether they are logarithms of ratios; else shares of the largest difference there is.
    """

    values: Floats
    margins: Floats
    relative: tuple[bool, ...]

    @property
    def lost(self) -> Floats:
        """(n,) by how much more than its margin each point's worst objective loses; 0 where none does."""
        over = np.maximum(0.0, -self.values - self.margins)
        return np.asarray(over.max(axis=1, initial=0.0))


def gains(study: Study, points: Sequence[Sequence[float]], baseline: Sequence[float]) -> Gains:
    """The gains of `points`, values of the study's objectives in their order, over those of the baseline."""
    found = np.array(points, dtype=float).reshape(len(points), len(baseline))
    columns = [_column(found[:, at], baseline[at], one) for at, one in enumerate(study.each[: len(baseline)])]
    return joined(columns)


def joined(columns: Sequence[tuple[Floats, float, bool]]) -> Gains:
    """Gains from those of each objective: (n,) values, the margin, whether they are logarithms of ratios."""
    return Gains(
        values=np.array([values for values, _, _ in columns], dtype=float).T,
        margins=np.array([margin for _, margin, _ in columns], dtype=float),
        relative=tuple(relative for _, _, relative in columns),
    )


def _column(values: Floats, baseline: float, study: Study) -> tuple[Floats, float, bool]:
    rules = study.validation
    if baseline > 0 and bool((values > 0).all()):
        return (
            better(np.log(values), float(np.log(baseline)), study.direction),
            np.log1p(rules.min_gain),
            True,
        )
    found = better(values, baseline, study.direction)
    scale = float(np.abs(found).max(initial=0.0)) or 1.0
    return found / scale, (rules.min_difference or 0.0) / scale, False


def better(values: Floats, baseline: float, direction: Direction) -> Floats:
    """By how much each of `values` is better than `baseline`."""
    return np.asarray(values - baseline if direction == "maximize" else baseline - values)
