"""How much each parameter matters, as far as the trials of a search tell."""

from __future__ import annotations

from dataclasses import dataclass

NO_EFFECT = "not distinguishable from zero"
"""What is said of a figure that shuffled values reach as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An estimate with its 95 % bootstrap interval, beside the `noise`: what shuffled values reach.

    In 95 of 100 shuffles no parameter at all gets above its own noise. `needed` says that nothing else
    explains the values as well.
    """

    value: float
    low: float
    high: float
    noise: float
    needed: bool = True

    @property
    def shown(self) -> bool:
        """Whether it is distinguishable from zero: needed, and the whole interval lies above the noise."""
        return self.needed and min(self.value, self.low) > self.noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One parameter: how far the objective goes when it is set at random, and what the best have in common.

    `change` is a share of the objective, or in its unit. `best` is the divergence of its values among the
    best quarter of the trials from those among all of them; None where the parameter had one value.
    """

    parameter: str
    change: Figure
    best: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Two parameters: how far the objective goes beyond the sum of what each of them does alone."""

    parameters: tuple[str, str]
    change: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """What matters for one objective.

    From `trials` that have a value; empty where they are fewer than `needed`. `relative` says that changes
    are shares of one rather than in the metric's unit. `explained` is the share of the values' variance that
    the model foretells of trials it has not seen (0: no better than their mean). The strongest stand first;
    `interactions` are of the strongest parameters alone.
    """

    metric: str
    trials: int
    needed: int
    relative: bool = True
    explained: float = 0.0
    weights: tuple[Weight, ...] = ()
    interactions: tuple[Interaction, ...] = ()

    @property
    def matters(self) -> tuple[str, ...]:
        """Names of the parameters that are distinguishable from zero."""
        return tuple(w.parameter for w in self.weights if w.change.shown)
