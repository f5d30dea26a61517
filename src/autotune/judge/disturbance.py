"""Whether something else on the machine disturbed a sample."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from autotune.model.trial import Sample

FOREIGN_SHARE = 0.05
"""Of all CPUs: costs more than the usual margin where no CPU is free; less is lost in the noise."""

STEAL_SHARE = 0.01
"""Of all CPUs: a guest cannot see what its host does, and this much of it is already felt."""

_TICK_S = 0.01
"""Grain of the kernel's CPU times."""

_FEWEST_TICKS = 3
_DEVIATIONS = 3.0
"""Foreign CPU has to exceed the error of counting in ticks by so many standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """Shares of all CPUs' time that others took, and that the hypervisor stole."""

    foreign: float
    steal: float

    @property
    def size(self) -> float:
        """How much of the machine was gone."""
        return self.foreign + self.steal

    def __str__(self) -> str:
        parts = (("others used", self.foreign, FOREIGN_SHARE), ("stolen", self.steal, STEAL_SHARE))
        return ", ".join(
            f"{name} {100 * share:.2g} % of the CPUs" for name, share, least in parts if share >= least
        )


def disturbance(sample: Sample) -> Disturbance | None:
    """What disturbed the sample; None where nothing did, or nothing is known.

    Stolen time counts from 1 % of all CPUs and 3 ticks on. Foreign CPU counts from 5 % on, and beyond the
    error of counting it: a CPU that is busy for a share p of N ticks is counted with a standard deviation of
    sqrt(N p (1 - p)) ticks, three of which are allowed. Short samples can therefore only tell of large
    disturbances. Pressure is not used: a sample that wants more CPUs than there are makes its own.
    """
    seen = {r.name: r.value for r in sample.resources}
    own, foreign, steal, host = (seen.get(n) for n in ("cpu_s", "foreign_cpu_s", "steal_s", "host_cpu_s"))
    if foreign is None or steal is None or not host:
        return None
    busy = min(1.0, (foreign + (own or 0.0)) / host)
    error = _DEVIATIONS * sqrt(busy * (1 - busy) * _TICK_S / host)
    found = Disturbance(foreign=foreign / host, steal=steal / host)
    stolen = found.steal >= STEAL_SHARE and steal >= _FEWEST_TICKS * _TICK_S
    crowded = found.foreign >= max(FOREIGN_SHARE, error) and foreign >= _FEWEST_TICKS * _TICK_S
    return found if stolen or crowded else None
