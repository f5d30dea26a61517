"""Says why a command is no success, and whose fault that is."""

from __future__ import annotations

from autotune.core.units import show_seconds
from autotune.measure.outcome import Outcome
from autotune.model.trial import State

_SUSPENDED_S = 2.0
"""No busy machine keeps a waiting process from its turn for so long; one that was stopped, or slept, is."""


def failure(outcome: Outcome, timeout_s: float, *, any_exit: bool = False) -> tuple[State, str] | None:
    """The state and the reason that a command which did not end well gives its sample; None where it did.

    With `any_exit` every exit code is a good end. A reason ends with the last line of stderr, or of stdout
    where stderr is empty.
    """
    if outcome.start_error:
        return State.FAILED_ENVIRONMENT, f"cannot be started: {outcome.start_error}"
    if outcome.suspended_s > _SUSPENDED_S:
        return State.FAILED_ENVIRONMENT, f"suspended for {show_seconds(outcome.suspended_s)} while it ran"
    if outcome.timed_out:
        what = (
            "idle: neither CPU use nor output for too long"
            if outcome.idle
            else f"exceeded its time-out of {show_seconds(timeout_s)}"
        )
        return State.TIMEOUT, f"{what}{_last_line(outcome)}"
    if reason := _reason(outcome, any_exit=any_exit):
        return State.FAILED_CONFIG, f"{reason}{_last_line(outcome)}"
    return None


def _reason(outcome: Outcome, *, any_exit: bool) -> str:
    """Why the command itself is to blame; empty where it is not."""
    if outcome.room.oom_kills and not outcome.good:
        return f"oom: memory ran out, the kernel killed {outcome.room.oom_kills} of its processes"
    if outcome.signal:
        hint = " (not ours: perhaps memory ran out)" if outcome.signal == "SIGKILL" else ""
        return f"ended by {outcome.signal}{hint}"
    return f"exit code {outcome.exit_code}" if outcome.exit_code and not any_exit else ""


def _last_line(outcome: Outcome) -> str:
    text = outcome.stderr.text.strip() or outcome.stdout.text.strip()
    return f": {text.splitlines()[-1].strip()}" if text else ""
