"""What disturbs a measurement: noise, a tail of slow runs, failures that are no configuration's fault."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Self

import numpy as np

from autotune.core.errors import UsageError

_SLOWED, _TAIL = 0.05, 1.3
"""One run of twenty takes 30 % longer."""

_FAILING = 0.03


@dataclass(frozen=True, slots=True)
class Noise:
    """Every measurement is multiplied by exp(N(0, sd)), where less is better.

    With `tails` one of twenty is slowed by 30 % beside that; with `failures` three of a hundred fail.
    """

    text: str
    sd: float
    tails: bool = False
    failures: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Noise as it is written: `5%`, `10%+tails`, `5%+failures`. Raises UsageError for anything else."""
        first, *rest = text.split("+")
        unknown = set(rest) - {"tails", "failures"}
        if unknown or not first.endswith("%") or not first[:-1].replace(".", "", 1).isdigit():
            raise UsageError(f"noise is written as 5%, 5%+tails or 5%+failures, found '{text}'.")
        return cls(text, float(first[:-1]) / 100, "tails" in rest, "failures" in rest)

    def of(self, cost: float, /, *, space: str, seed: int, number: int) -> float | None:
        """Measurement `number` of something that truly takes `cost`; None where it fails.

        The same numbers give the same noise, so that all samplers meet the same. A cost below zero (more is
        better, turned) is divided: what is slow is always worse.
        """
        random = np.random.default_rng([zlib.crc32(space.encode()), seed, number])
        wobble, slowed, failing = self.sd * random.standard_normal(), random.random(), random.random()
        if self.failures and failing < _FAILING:
            return None
        factor = math.exp(wobble) * (_TAIL if self.tails and slowed < _SLOWED else 1.0)
        return cost * factor if cost > 0 else cost / factor
