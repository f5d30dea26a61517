"""The temperature of an annealing search."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

_HOT = 0.5
_COLD = 0.01
"""First and last temperature of a cycle, in spreads of the values seen: at the one, a step that is worse by a
spread is taken one time in seven; at the other only what is hardly worse."""

_REHEAT = 0.5
"""What is left of the first temperature in each reheat."""

_HALF = 0.5


def spread(losses: Sequence[float]) -> float:
    """How far good values lie apart: from the best one to the median; 0 where fewer than two are known.

    Outliers on the bad side, of which tuning spaces are full, would make every step acceptable.
    """
    return statistics.median(losses) - min(losses) if len(losses) > 1 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Lundy and Mees's cooling (1986), T' = T / (1 + b T), in `steps` from hot to cold, in spreads."""

    steps: int
    step: int = 0
    reheats: int = 0

    @property
    def temperature(self) -> float:
        """The temperature now, in spreads of the values seen."""
        hot = _HOT * _REHEAT**self.reheats
        cold = min(_COLD, _HALF * hot)
        slope = (1 / cold - 1 / hot) / max(1, self.steps)
        return 1 / (1 / hot + slope * min(self.step, self.steps))

    @property
    def heat(self) -> float:
        """The temperature as a share of the first one."""
        return self.temperature / _HOT

    def cooled(self) -> Schedule:
        """One step on."""
        return replace(self, step=self.step + 1)

    def reheated(self, steps: int, *, reheats: int) -> Schedule:
        """The next cycle, of `steps`, after so many reheats."""
        return replace(self, step=0, steps=steps, reheats=reheats)

    def accepts(self, worse_by: float, scale: float, coin: float) -> bool:
        """Whether a step that is `worse_by` is taken (Metropolis): `coin` in [0, 1), `scale` the spread."""
        if worse_by <= 0:
            return True
        heat = self.temperature * scale
        return heat > 0 and coin < math.exp(-worse_by / heat)
