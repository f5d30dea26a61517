"""Says why a command is no success, and whose fault that is."""

from __future__ import annotations

from autotune.core.units import show_bytes, show_seconds
from autotune.measure.outcome import Outcome
from autotune.model.confine import Confine
from autotune.model.trial import State

_SUSPENDED_S = 2.0
"""No busy machine keeps a waiting process from its turn for so long; one that was stopped, or slept, is."""

_UNBOUND = Confine()


def failure(
    outcome: Outcome,
    timeout_s: float,
    *,
    confine: Confine = _UNBOUND,
    any_exit: bool = False,
    abort_s: float | None = None,
) -> tuple[State, str] | None:
    """The state and the reason that a command which did not end well gives its sample; None where it did.

    `confine` holds its bounds. With `any_exit` every exit code is a good end. Where `abort_s` is below the
    time-out it was what ended the command, which is no failure but a bound. A reason ends with the last line
    of stderr, or of stdout where stderr is empty.
    """
    if outcome.start_error:
        return State.FAILED_ENVIRONMENT, f"cannot be started: {outcome.start_error}"
    if outcome.suspended_s > _SUSPENDED_S:
        return State.FAILED_ENVIRONMENT, _suspended(outcome)
    if outcome.timed_out:
        return _overdue(outcome, timeout_s, confine, abort_s)
    if reason := _reason(outcome, confine, any_exit=any_exit):
        return State.FAILED_CONFIG, f"{reason}{_last_line(outcome)}"
    return None


def _suspended(outcome: Outcome) -> str:
    return (
        f"suspended for {show_seconds(outcome.suspended_s)} while it ran: the machine slept, or a process "
        "that measures was stopped (does the workload send SIGSTOP to its parent?)"
    )


def _overdue(
    outcome: Outcome, timeout_s: float, confine: Confine, abort_s: float | None
) -> tuple[State, str]:
    if abort_s is not None and abort_s < timeout_s and not outcome.idle:
        return State.ABORTED, f"aborted after {show_seconds(abort_s)}: it had not ended by then"
    return State.TIMEOUT, f"{_late(outcome, timeout_s, confine)}{_last_line(outcome)}"


def _late(outcome: Outcome, timeout_s: float, confine: Confine) -> str:
    if not outcome.idle:
        return f"exceeded its time-out of {show_seconds(timeout_s)}"
    return f"idle: neither CPU use nor output for {show_seconds(confine.idle_s or 0.0)} (confine.idle)"


def _reason(outcome: Outcome, confine: Confine, *, any_exit: bool) -> str:
    """Why the command itself is to blame; empty where it is not."""
    if outcome.room.oom_kills and not outcome.good:
        size = confine.memory_bytes
        bound = "" if size is None else f" at {show_bytes(size)} (confine.memory)"
        return f"oom: memory ran out{bound}, the kernel killed {outcome.room.oom_kills} of its processes"
    if outcome.signal:
        hint = " (not ours: perhaps memory ran out)" if outcome.signal == "SIGKILL" else ""
        return f"ended by {outcome.signal}{hint}"
    return f"exit code {outcome.exit_code}" if outcome.exit_code and not any_exit else ""


def _last_line(outcome: Outcome) -> str:
    text = outcome.stderr.text.strip() or outcome.stdout.text.strip()
    return f": {text.splitlines()[-1].strip()}" if text else ""
