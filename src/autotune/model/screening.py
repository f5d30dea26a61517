"""Which parameters matter at all: the steps that a screening takes, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from autotune.model.space import Config, config_key


class Reading(StrEnum):
    """What a screening says of a parameter."""

    MATTERS = "matters"
    FAILS = "decides whether it works"
    NONE = "not distinguishable from noise"
    UNKNOWN = "not screened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two configurations that differ in one parameter, and in what that makes active or inactive.

    `up` says that the parameter went to a value that comes later in its domain.
    """

    parameter: str
    before: Config
    after: Config
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """All steps of a screening that starts from the baseline `start`, in the order of measuring.

    `dropped` counts, by parameter, the trajectories without a step of it: it was inactive throughout, or no
    other value was permitted.
    """

    start: Config
    parameters: tuple[str, ...]
    steps: tuple[Step, ...]
    dropped: Mapping[str, int]

    @property
    def configs(self) -> tuple[Config, ...]:
        """What has to be measured beside the start: each configuration once, in order."""
        both = [config for step in self.steps for config in (step.before, step.after)]
        found = {config_key(config): config for config in reversed(both)}
        order = dict.fromkeys(config_key(config) for config in both)
        return tuple(found[key] for key in order if key != config_key(self.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Elementary:
    """The elementary effects of one parameter.

    `change` is the mean of their sizes (mu*), `deviation` the standard deviation of the effects themselves,
    which is large where the effect depends on the other parameters or bends. `noise` is what the greatest
    change of all parameters stays below in 95 % of screenings in which nothing matters. From `steps` steps;
    in `failed` further ones the workload failed on one side alone.
    """

    parameter: str
    change: float
    deviation: float
    noise: float
    steps: int
    failed: int

    @property
    def reading(self) -> Reading:
        """What can be said of the parameter."""
        if self.steps and self.change > self.noise:
            return Reading.MATTERS
        if self.failed:
            return Reading.FAILS
        return Reading.NONE if self.steps else Reading.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What a screening says for one objective, the greatest change first.

    `relative` says that changes are shares of one rather than in the metric's unit; `deviation` is that of
    one measurement, from `repeats` of the baseline.
    """

    metric: str
    relative: bool
    deviation: float
    repeats: int
    effects: tuple[Elementary, ...]


def idle(screenings: tuple[Screening, ...]) -> tuple[str, ...]:
    """Parameters that are not distinguishable from noise for any objective."""
    readings: dict[str, set[Reading]] = {}
    for screening in screenings:
        for effect in screening.effects:
            readings.setdefault(effect.parameter, set()).add(effect.reading)
    return tuple(name for name, found in readings.items() if found == {Reading.NONE})
