"""Whether requests piled up: more and more of them due and not answered."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

_SHARE = 0.01
_SETTLED = 0.9
_STANDARD_DEVIATIONS = 3.0


class Due(NamedTuple):
    """A request that was due at `intended`, seconds; `answered` is infinite where no answer came."""

    intended: float
    answered: float


def grew(requests: Sequence[Due], begin: float, end: float) -> bool:
    """Whether the backlog grew from `begin` to `end`: by more than 1 % of the requests, and than chance.

    The backlog at a time is how many requests are due and not answered. A service that keeps up has as many
    at the end as at the beginning, but for chance: where requests come independently of each other, each of
    the two counts has a variance like its mean (Poisson, the M/G/infinity queue), so the difference has that
    of their sum, and three standard deviations are asked for. A load that has just begun finds an empty
    service; so the beginning is put off until nine of ten answers would have come, at most to the middle.
    """
    times = sorted(due.answered - due.intended for due in requests)
    settled = times[int(len(times) * _SETTLED)] if times else 0.0
    first = max(begin, min(settled, (begin + end) / 2))
    before, after = _backlog(requests, first), _backlog(requests, end)
    count = sum(first <= due.intended < end for due in requests)
    growth = after - before
    return growth > _SHARE * count and growth > _STANDARD_DEVIATIONS * sqrt(before + after)


def _backlog(requests: Sequence[Due], at: float) -> int:
    return sum(due.intended <= at < due.answered for due in requests)
