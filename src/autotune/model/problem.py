"""What a sampler is to solve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autotune.core.expression import Expression, ExpressionError
from autotune.model.space import Config, Space
from autotune.model.trial import Trial
from autotune.model.workload import Direction


def _any(config: Config) -> bool:
    del config
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A space, which way each objective improves, and what is known before.

    The first objective is a trial's `value`. `trials` is the budget, None where nothing bounds them; where it
    is `timed` they are an estimate of what the time will do for.
    `noise` is the relative standard deviation of one measurement, from repeats of the baseline; None where it
    is not known. `allowed` says which configurations may be measured besides what domains and constraints say
    (risks), `barred` the same as expressions, none of which may be true, for what solves them. `earlier` are
    trials of an earlier study of the same workload, which may mislead.
    """

    space: Space
    directions: tuple[Direction, ...] = ("minimize",)
    seed: int = 0
    trials: int | None = None
    timed: bool = False
    noise: float | None = None
    allowed: Callable[[Config], bool] = _any
    barred: tuple[Expression, ...] = ()
    earlier: tuple[Trial, ...] = ()

    @property
    def direction(self) -> Direction:
        """Which way the first objective improves."""
        return self.directions[0]

    def permits(self, config: Config) -> bool:
        """Whether `config` is inside the domains, satisfies the constraints and is allowed.

        What cannot be decided, by a division by zero, say, is not permitted.
        """
        try:
            inside = all(
                name in self.space and self.space[name].contains(value) for name, value in config.items()
            )
            return inside and not self.space.violated(config) and self.allowed(config)
        except ExpressionError:
            return False
