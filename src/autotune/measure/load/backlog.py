"""Whether requests piled up: more and more of them due and not answered."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

_SHARE = 0.01
_SETTLED = 0.9
_FEWEST = 10
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
    service; so the beginning is put off until nine of ten of the first answers have come, at most to the
    middle.
    """
    first = max(begin, min(_settled(requests), (begin + end) / 2))
    before, after = _backlog(requests, first), _backlog(requests, end)
    count = sum(first <= due.intended < end for due in requests)
    growth = after - before
    return growth > _SHARE * count and growth > _STANDARD_DEVIATIONS * sqrt(before + after)


def _settled(requests: Sequence[Due]) -> float:
    """The seconds within which nine of ten of the first tenth were answered: no queue has grown long yet."""
    count = min(len(requests), max(_FEWEST, len(requests) // 10))
    times = sorted(due.answered - due.intended for due in sorted(requests)[:count])
    return times[int(count * _SETTLED)] if times else 0.0


def _backlog(requests: Sequence[Due], at: float) -> int:
    return sum(due.intended <= at < due.answered for due in requests)
