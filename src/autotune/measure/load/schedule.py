"""When requests are meant to start."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Literal, TypeAlias

Arrivals: TypeAlias = Literal["poisson", "constant"]

MOST_REQUESTS = 1_000_000
"""Requests of one sample: each keeps its times in memory, and in the file that they are read from."""


def starts(arrivals: Arrivals, *, rate_per_s: float, length_s: float, seed: int) -> Iterator[float]:
    """Seconds from the beginning at which requests start, in rising order, below `length_s`.

    poisson: gaps are exponential with mean 1 / rate, as from many users who do not know of each other;
    constant: gaps are equal. The same seed gives the same times.
    """
    if arrivals == "constant":
        yield from (n / rate_per_s for n in range(round(length_s * rate_per_s)))
        return
    draw = random.Random(seed)  # noqa: S311  a schedule, no secret
    at = draw.expovariate(rate_per_s)
    while at < length_s:
        yield at
        at += draw.expovariate(rate_per_s)
