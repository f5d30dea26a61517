"""The constraints that cannot hold together."""

from __future__ import annotations

from autotune.core.expression import Expression
from autotune.model.space import Space
from autotune.solve.find import NODES, satisfiable
from autotune.solve.rules import Rules


def conflict(space: Space, *, nodes: int = NODES) -> tuple[Expression, ...]:
    """The constraints that contradict each other, none of which could be left out; empty where there is none.

    A deletion filter (Chinneck and Dravnieks 1991): each is left out for good where the others still
    contradict each other without it. Empty too where that is not known within so many boxes.
    """
    if satisfiable(Rules(space), nodes=nodes) is not False:
        return ()
    kept = list(space.constraints)
    for constraint in space.constraints:
        others = [one for one in kept if one is not constraint]
        if satisfiable(Rules(space, constraints=others), nodes=nodes) is False:
            kept = others
    return tuple(kept)
