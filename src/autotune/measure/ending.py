"""Says why a command is no success, and whose fault that is."""

from __future__ import annotations

from autotune.core.units import show_seconds
from autotune.measure.outcome import Outcome
from autotune.model.trial import State


def failure(outcome: Outcome, timeout_s: float, *, any_exit: bool = False) -> tuple[State, str] | None:
    """The state and the reason that a command which did not end well gives its sample; None where it did.

    With `any_exit` every exit code is a good end. A reason ends with the last line of stderr, or of stdout
    where stderr is empty.
    """
    if outcome.start_error:
        return State.FAILED_ENVIRONMENT, f"cannot be started: {outcome.start_error}"
    if outcome.survivors:
        pids = ", ".join(map(str, outcome.survivors))
        return State.FAILED_ENVIRONMENT, f"left processes that SIGKILL does not end: {pids}"
    if outcome.timed_out:
        return State.TIMEOUT, f"exceeded its time-out of {show_seconds(timeout_s)}{_last_line(outcome)}"
    if outcome.signal:
        hint = " (not ours: perhaps memory ran out)" if outcome.signal == "SIGKILL" else ""
        return State.FAILED_CONFIG, f"ended by {outcome.signal}{hint}{_last_line(outcome)}"
    if outcome.exit_code and not any_exit:
        return State.FAILED_CONFIG, f"exit code {outcome.exit_code}{_last_line(outcome)}"
    return None


def _last_line(outcome: Outcome) -> str:
    text = outcome.stderr.text.strip() or outcome.stdout.text.strip()
    return f": {text.splitlines()[-1].strip()}" if text else ""
