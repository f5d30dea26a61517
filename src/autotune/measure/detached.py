"""Children that nobody waited for, of which no more than their CPU time is known."""

from __future__ import annotations

from autotune.measure.outcome import Outcome

CHILDREN_MISSING = "children that nobody waited for are missing"

_SHARE = 0.05
_LEAST_S = 0.05
"""Below, the clocks of the two sources differ by as much."""


def detached(outcome: Outcome) -> str:
    """The warning about CPU time that wait4 does not tell of; empty where it tells of nearly all.

    The kernel itself takes a child whose parent ignores SIGCHLD, and adds what it used to nobody's account.
    """
    group, waited = group_cpu(outcome), outcome.used.cpu_user_s + outcome.used.cpu_system_s
    gap = 0.0 if group is None else sum(group) - waited
    if group is None or gap < _LEAST_S or gap < _SHARE * sum(group):
        return ""
    return f"detached children used {gap:.2f} s of CPU time, of which only the control group tells"


def group_cpu(outcome: Outcome) -> tuple[float, float] | None:
    """User and system seconds by the control group's account; None where there is none."""
    user, system = outcome.room.group_user_s, outcome.room.group_system_s
    return None if user is None or system is None else (user, system)
