"""When the search has had enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autotune.core.units import show_seconds
from autotune.model.study import Budget, Plateau, Study
from autotune.model.trial import State, Trial
from autotune.model.workload import Direction

_UNFINISHED = frozenset({State.RUNNING, State.INTERRUPTED})

CONVERGED = 10
"""So many trials in a row, at least, have to come near the best: fewer do by luck."""

_CONVERGED_SHARE = 5
"""Of a long search a fifth: ten trials of a thousand are a short look around one place."""


def stop_reason(  # noqa: PLR0913  as many as there are reasons
    study: Study,
    trials: Sequence[Trial],
    *,
    spent_s: float,
    reserved_s: float = 0.0,
    baseline: float | None = None,
    volume: Callable[[Sequence[Trial]], float] | None = None,
) -> str:
    """Why no further trial is to begin, in words for the report; "" where the search goes on.

    `trials` in order of their numbers; running and interrupted ones do not count. `spent_s` are the seconds
    of the whole run until now, `reserved_s` those set aside for the validation. `baseline` is the objective's
    value there, for a target that rests on it. What cannot be paid for comes before what is good enough.
    Of several objectives `volume` says how much trials dominate together, which a plateau looks at instead of
    the best value.
    """
    finished = [t for t in trials if t.state not in _UNFINISHED]
    return _spent(study.budget, len(finished), spent_s, reserved_s) or _enough(
        study, finished, baseline, volume
    )


def _spent(budget: Budget, trials: int, spent_s: float, reserved_s: float) -> str:
    if trials >= budget.trials:
        return f"all {budget.trials} trials of the budget are done"
    aside = f", with {show_seconds(reserved_s)} set aside for the validation" if reserved_s else ""
    if budget.wall_s is not None and spent_s + reserved_s >= budget.wall_s:
        return f"the wall time of {show_seconds(budget.wall_s)} is used up{aside}"
    cost = budget.cost
    if cost is not None and spent_s + reserved_s >= cost.seconds:
        hours = f"{show_seconds(cost.seconds)} at {cost.per_hour:g} an hour"
        return f"the cost of {cost.most:g} is used up ({hours}{aside})"
    return ""


def _enough(
    study: Study,
    finished: Sequence[Trial],
    baseline: float | None,
    volume: Callable[[Sequence[Trial]], float] | None,
) -> str:
    budget, direction = study.budget, study.direction
    if (bound := target_value(budget, baseline)) is not None:
        best = _best(finished, direction)
        better = best is not None and (baseline is None or _reached(baseline, best, direction))
        if best is not None and better and _reached(bound, best, direction):
            return f"the target of {bound:.6g} is reached"
    if budget.plateau is not None and _flat(budget.plateau, finished, direction, volume):
        gain = f"{100 * budget.plateau.gain:.3g} %"
        what = "the best" if volume is None else "the hypervolume of the front"
        return f"the last {budget.plateau.trials} trials improved {what} by less than {gain}"
    if budget.convergence is not None and (near := _converged(budget.convergence, finished, direction)):
        share = f"{100 * budget.convergence:.3g} %"
        return f"the search has converged: the last {near} trials all came within {share} of the best"
    return ""


def target_value(budget: Budget, baseline: float | None) -> float | None:
    """The target in the objective's unit; None where there is none, or the baseline is not known."""
    target = budget.target
    if target is None:
        return None
    if target.kind == "absolute":
        return target.bound
    return None if baseline is None else target.bound * baseline


def already(study: Study, baseline: float | None) -> str:
    """A note where the baseline itself reaches the target; else ""."""
    bound = target_value(study.budget, baseline)
    if bound is None or baseline is None or not _reached(bound, baseline, study.direction):
        return ""
    return f"the baseline already reaches the target of {bound:.6g}: the first trial no worse ends the search"


def _reached(bound: float, value: float, direction: Direction) -> bool:
    return value >= bound if direction == "maximize" else value <= bound


def _converged(share: float, finished: Sequence[Trial], direction: Direction) -> int:
    """How many trials, up to the last, came so near the best that it counts; 0 where they are too few.

    A plateau looks at the best alone and ends a search that still tries what is far worse; this ends one that
    tries nothing else any more, as `tol` of scipy's differential evolution does by its population's spread.
    """
    window = max(CONVERGED, len(finished) // _CONVERGED_SHARE)
    best, last = _best(finished, direction), finished[-window:]
    if best is None or len(last) < window:
        return 0
    near = [v is not None and abs(v - best) <= share * abs(best) for v in map(_value, last)]
    return window if all(near) else 0


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


def _value(trial: Trial) -> float | None:
    """The value of a trial that kept every limit."""
    return trial.value if trial.state is State.OK and trial.violation <= 0 else None


def _best(trials: Sequence[Trial], direction: Direction) -> float | None:
    """The best value of a trial that kept every limit."""
    values = [v for v in map(_value, trials) if v is not None]
    if not values:
        return None
    return max(values) if direction == "maximize" else min(values)
