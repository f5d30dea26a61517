"""How a budget, what was spent of it and what was saved are told."""

from __future__ import annotations

from autotune.core.units import show_seconds
from autotune.model.run import RunRecord
from autotune.model.study import Abort, Budget, Cost, Target
from autotune.model.trial import State
from autotune.report.words import number, plain_percent


def budget_told(budget: Budget) -> str:
    """Trials, and every other rule that can end the search."""
    told = [f"{budget.trials} trials"]
    if budget.wall_s is not None:
        told.append(f"{show_seconds(budget.wall_s)} at most")
    if budget.cost is not None:
        told.append(f"a cost of {number(budget.cost.most)} at most")
    if budget.plateau is not None:
        told.append(f"a plateau of {budget.plateau.trials} trials")
    if budget.target is not None:
        told.append(f"a target of {_target(budget.target)}")
    if budget.convergence is not None:
        told.append(f"convergence to {plain_percent(budget.convergence)}")
    return ", ".join(told)


def _target(target: Target) -> str:
    return f"{number(target.bound)} x baseline" if target.kind == "relative" else number(target.bound)


def aborted_told(abort: Abort, record: RunRecord) -> str:
    """How many trials were ended early, and where."""
    count = sum(trial.state is State.ABORTED for trial in record.trials)
    return f"{count} of {len(record.trials)} trials, at {number(abort.beyond)} x the baseline"


def cost_told(cost: Cost, seconds: float) -> str:
    """What `seconds` of the machine cost, of what they may."""
    spent = cost.per_hour * seconds / 3600
    return f"{number(spent)} of {number(cost.most)}, at {number(cost.per_hour)} an hour of the machine"
