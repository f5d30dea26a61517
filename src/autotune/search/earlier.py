"""What an earlier study of the same workload lets expect, trusted as far as it proves right."""

from __future__ import annotations

import numpy as np

from autotune.model.problem import Problem
from autotune.search.codes import Codes, Floats, Rows
from autotune.search.known import Known, Seen
from autotune.search.process import Process, Scales, fitted

_LEAST = 5
"""Fewer measured configurations foretell nothing."""

_FITTED = 250
"""So many of the best at most: a fit costs their cube."""

_BELIEVED = 3.0
"""The earlier study counts as so many outcomes that came as it foretold: the trust falls with
the first contrary ones, and after ten times as many little of it is left."""

_MOST = 1.5

_LABEL_NOISE = 1.0
"""Variance of an earlier label (works, works not): as large as a label itself, so a new one outweighs it."""


class Earlier:
    """Expectations of the first objective's target from the problem's `earlier` trials.

    Effects on the target are taken to be the same as then, up to a factor, the trust, that is learnt: a ridge
    regression of what is measured now on what was foretold, drawn towards 1 (Hoerl and Kennard 1970).
    """

    def __init__(self, problem: Problem, codes: Codes) -> None:
        known = Known(problem, codes)
        for trial in problem.earlier:
            known.take(trial)
        self._codes = codes
        self.seen: Seen = known.seen(len(known))
        self._process, self._spread = self._learnt()

    @property
    def foretells(self) -> bool:
        """Whether there was enough to learn from."""
        return self._process is not None

    def _learnt(self) -> tuple[Process | None, float]:
        measured = self.seen.measured
        if len(measured) < _LEAST:
            return None, 0.0
        values = self.seen.values[measured, 0]
        spread = float(values.std())
        if not spread:
            return None, 0.0
        kept = np.argsort(values, kind="stable")[:_FITTED]
        features = self._codes.features(self.seen.rows[measured[kept]])
        standard = (values[kept] - values.mean()) / spread
        noise = np.zeros(len(kept))
        scales = fitted(features, self._codes.group, standard, noise, Scales.expected(len(self._codes.axes)))
        return Process(features, self._codes.group, standard, noise, scales), spread

    def foretold(self, rows: Rows) -> Floats:
        """(m,): targets of (m, parameters) rows as the earlier study has them, less their mean then."""
        if self._process is None or not len(rows):
            return np.zeros(len(rows))
        return self._process.at(self._codes.features(rows))[0] * self._spread

    def trust(self, foretold: Floats, values: Floats) -> float:
        """How much of what is foretold came: 1 all, 0 nothing; `values` are the measured targets."""
        weight = _BELIEVED * self._spread**2
        off = foretold - foretold.mean() if len(foretold) else foretold
        slope = (weight + float(off @ values)) / (weight + float(off @ off))
        return min(max(slope, 0.0), _MOST)

    def labels(self) -> tuple[Rows, Floats, Floats]:
        """Rows that ran or failed then, +1 or -1 of each, and the variance of that."""
        worked = np.where(self.seen.worked, 1.0, -1.0)
        return self.seen.rows, worked, np.full(len(worked), _LABEL_NOISE)
