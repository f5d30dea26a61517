"""When the search has had enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autotune.core.units import show_seconds
from autotune.model.study import Plateau, Study
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction

_UNFINISHED = frozenset({State.RUNNING, State.INTERRUPTED})


def stop_reason(
    study: Study,
    trials: Sequence[Trial],
    *,
    spent_s: float,
    reserved_s: float = 0.0,
    volume: Callable[[Sequence[Trial]], float] | None = None,
) -> str:
    """Why no further trial is to begin, in words for the report; "" where the search goes on.

    `trials` in order of their numbers; running and interrupted ones do not count. `spent_s` are the seconds
    of the whole run until now, `reserved_s` those set aside for the validation. Of several objectives
    `volume` says how much trials dominate together, which takes the place of the best value.
    """
    budget = study.budget
    finished = [t for t in trials if t.state not in _UNFINISHED]
    if len(finished) >= budget.trials:
        return f"all {budget.trials} trials of the budget are done"
    if budget.wall_s is not None and spent_s + reserved_s >= budget.wall_s:
        aside = f", with {show_seconds(reserved_s)} set aside for the validation" if reserved_s else ""
        return f"the wall time of {show_seconds(budget.wall_s)} is used up{aside}"
    if budget.plateau is not None and _flat(budget.plateau, finished, study.direction, volume):
        gain = f"{100 * budget.plateau.gain:.3g} %"
        what = "the best" if volume is None else "the hypervolume of the front"
        return f"the last {budget.plateau.trials} trials improved {what} by less than {gain}"
    return ""


def _flat(
    plateau: Plateau,
    finished: Sequence[Trial],
    direction: Direction,
    volume: Callable[[Sequence[Trial]], float] | None,
) -> bool:
    """Whether the last trials gained less than the plateau asks; before there is a best, never."""
    before, now = (
        _best(trials, direction) if volume is None else volume(trials) or None
        for trials in (finished[: -plateau.trials], finished)
    )
    if before is None or now is None:
        return False
    gain = now - before if volume or direction == "maximize" else before - now
    return gain < plateau.gain * abs(before) or gain == 0


def _best(trials: Sequence[Trial], direction: Direction) -> float | None:
    """The best value of a trial that kept every limit."""
    values = [t.value for t in trials if t.state is State.OK and t.violation <= 0 and t.value is not None]
    if not values:
        return None
    return max(values) if direction == "maximize" else min(values)
