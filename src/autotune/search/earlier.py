"""What an earlier study of the same workload found, believed as far as it proves right."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from autotune.model.problem import Problem
from autotune.search.codes import Codes, Floats, Rows
from autotune.search.known import Known, Seen, thinned
from autotune.search.process import Process, Scales, fitted

_LEAST = 5
"""Fewer measured configurations foretell nothing."""

_MOST = 150
"""So many of its configurations at most are believed in: a fit costs their cube."""

_APART = 0.35
"""How far two studies lie apart, where a parameter's range is 1: before anything was measured now, what is
found in one is thought to hold in the other with a correlation of about .95."""


class Earlier:
    """The problem's `earlier` trials, as rows of a space with one more parameter: in which study it was.

    One process is learnt of both studies. How far they agree is the lengthscale of that parameter, fitted as
    all others are (the intrinsic model of coregionalization, Bonilla et al. 2008; for tuning, Swersky et al.
    2013): where outcomes now contradict those then, the correlation falls to 0. What all values have in
    common may differ between the studies. Of several objectives it says what works, and no more.
    """

    def __init__(self, problem: Problem, codes: Codes) -> None:
        known = Known(problem, codes)
        for trial in problem.earlier:
            known.take(trial)
        self._codes = codes
        self.seen = _part(known.seen(len(known)))
        measured = self.seen.measured
        foretells = len(problem.directions) == 1 and len(measured) >= _LEAST
        self._measured = measured if foretells else measured[:0]
        self.group = np.append(codes.group, len(codes.axes)) if len(known) else codes.group

    def __bool__(self) -> bool:
        """Whether there was an earlier study of this space."""
        return len(self.group) > len(self._codes.group)

    @property
    def rows(self) -> Rows:
        """(n, parameters): what has a value; nothing where there are several objectives."""
        return np.asarray(self.seen.rows[self._measured])

    @property
    def counts(self) -> NDArray[np.int_]:
        """(n,): the samples behind each of `rows`."""
        return np.asarray(self.seen.counts[self._measured])

    @property
    def _values(self) -> Floats:
        return np.asarray(self.seen.values[self._measured, 0])

    def features(self, now: Rows, then: Rows) -> Floats:
        """(n, columns) of rows of this study, those of the earlier one after them; see `group`."""
        found = self._codes.features(np.vstack([now, then]))
        if not self:
            return found
        return np.column_stack([found, np.repeat([0.0, _APART], [len(now), len(then)])])

    def values(self, rows: Rows, values: Floats) -> Floats:
        """(n,): targets of `rows` then, moved by how far `values` now lie above what they were then."""
        if not len(self._measured):
            return np.zeros(0)
        return self._values + float((values - self._foretold(rows)).mean())

    def _foretold(self, rows: Rows) -> Floats:
        """(m,): targets of (m, parameters) rows by what the earlier study alone lets expect."""
        middle, spread = float(self._values.mean()), float(self._values.std()) or 1.0
        return middle + spread * self._process.at(self._codes.features(rows))[0]

    @cached_property
    def _process(self) -> Process:
        codes, values = self._codes, self._values
        features, exact = codes.features(self.rows), np.zeros(len(values))
        standard = (values - values.mean()) / (float(values.std()) or 1.0)
        scales = fitted(features, codes.group, standard, exact, Scales.expected(len(codes.axes)))
        return Process(features, codes.group, standard, exact, scales)


def _part(seen: Seen) -> Seen:
    """The best half of as many as are believed in, and the others evenly; what failed counts as worst."""
    value = np.where(np.isnan(seen.values[:, 0]), np.inf, seen.values[:, 0])
    kept = thinned(value, _MOST)
    return Seen(seen.rows[kept], seen.values[kept], seen.counts[kept], seen.worked[kept], seen.bounds[kept])
