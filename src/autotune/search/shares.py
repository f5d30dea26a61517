"""Values by shares in [0, 1): what a point of a unit cube stands for."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autotune.model.space import Parameter, Space, Value
from autotune.search.domain import at, points, singles

_LINE_WEIGHT = 4
"""As in `draw`: a special value weighs a quarter of the range beside it."""

_BELOW_ONE = math.nextafter(1.0, 0.0)


def value_at(parameter: Parameter, share: float) -> Value:
    """The value at `share` of the domain: a uniform share gives each value its weight of `draw_value`."""
    listed = singles(parameter)
    weight = min(points(parameter), _LINE_WEIGHT)
    where = min(share, _BELOW_ONE) * (len(listed) + weight)
    if where < len(listed):
        return listed[int(where)]
    return at(parameter, min((where - len(listed)) / weight, _BELOW_ONE))


def config_at(space: Space, shares: Iterable[float]) -> dict[str, Value]:
    """The configuration at `shares`, one for each parameter, without the inactive ones."""
    both = zip(space.parameters, shares, strict=True)
    return space.pruned({p.name: value_at(p, float(share)) for p, share in both})
