"""Which parameters matter, as the trials of a search tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autotune.model.importance import Importance, Interaction, Weight
from autotune.model.problem import Problem
from autotune.model.trial import Trial
from autotune.search.codes import Codes
from autotune.search.common import in_common
from autotune.search.learnt import Learnt
from autotune.search.process import one_thread
from autotune.search.valued import evenly, rows_of, value_of

NEEDED = 20
"""Trials with a value, below which nothing is said: a random order of fewer often looks like an effect."""

_MODELLED = 64
"""So many trials at most are learnt from: a fit costs their cube, and every shuffle has its own."""

_FOR_EACH = 2
"""Trials for each parameter: of fewer, chance has a choice of explanations."""

_MANY = 60
"""Of more parameters than so many nothing is said: it would take minutes."""

_STRONGEST = 5
"""Pairs of so many parameters are looked at."""


@one_thread
def importance(
    problem: Problem, trials: Sequence[Trial], metric: str, *, objective: int = 0, needed: int = NEEDED
) -> Importance:
    """What matters for the objective at this place among the problem's, called `metric`.

    The same trials give the same answer. Values that are all positive are compared by their logarithm.
    Without weights where fewer than `needed` trials, or two for each parameter, have a value, where all
    values are the same, and where no parameter has two values or more than 60 have.
    """
    codes = Codes(problem.space)
    inside = [t for t in trials if codes.row(t.config) is not None]
    valued = [t for t in inside if value_of(t, objective) is not None]
    indices = [i for i, p in enumerate(problem.space.parameters) if p.size() > 1]
    needed = max(needed, _FOR_EACH * len(indices))
    used = evenly(valued, max(_MODELLED, _FOR_EACH * len(indices)))
    values = np.array([value_of(t, objective) for t in used], dtype=float)
    relative = bool((values > 0).all())
    known = Importance(metric=metric, trials=len(valued), needed=needed, relative=relative)
    if len(valued) < needed or not 0 < len(indices) <= _MANY or not np.ptp(values):
        return known
    targets = np.log(values) if relative else values
    learnt = Learnt(problem, codes, rows_of(codes, used), targets, indices, relative=relative)
    changes = learnt.changes()
    best = in_common(problem, codes, inside, objective, indices)
    order = np.argsort([-figure.value for figure in changes], kind="stable").tolist()
    names = [problem.space.names[index] for index in indices]
    strongest = [place for place in order if changes[place].shown][:_STRONGEST]
    return Importance(
        metric=metric,
        trials=len(valued),
        needed=needed,
        relative=relative,
        explained=learnt.explained,
        weights=tuple(Weight(parameter=names[i], change=changes[i], best=best[i]) for i in order),
        interactions=tuple(
            Interaction(parameters=(names[one], names[other]), change=figure)
            for (one, other), figure in learnt.together(strongest)
        ),
    )
