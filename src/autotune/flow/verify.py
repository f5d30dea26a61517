"""Compares the machine with what a profile has made of it, or would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autotune.actuate.generations import Generation, in_force
from autotune.actuate.now import now
from autotune.actuate.recover import holder, waiting_s
from autotune.core.errors import NotRestoredError, UsageError, WorkloadError
from autotune.flow.apply_targets import Places, steps
from autotune.model.profile import Profile
from autotune.model.target import Target
from autotune.sidecar import recovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A place that does not hold what it should; `problem` says why it cannot be read, if it cannot."""

    parameter: str
    target: Target
    expected: str | None
    actual: str | None
    problem: str = ""


def verify(state: Path) -> tuple[Generation, tuple[Drift, ...]]:
    """The generation in force, and where the machine has drifted from it.

    Raises UsageError where no profile is in force, NotRestoredError where a change is open beside it, so that
    no comparison would say anything.
    """
    if (left_s := waiting_s(state)) is not None and left_s > 0:
        raise NotRestoredError(
            f"a profile waits to be confirmed for another {left_s:.0f} s: autotune apply --confirm keeps it, "
            "autotune rollback takes it back."
        )
    if Path(recovery.journal(str(state))).exists():
        raise NotRestoredError(
            f"{holder(state)} has changed this machine and not restored it yet. autotune status says "
            "whether it still runs, and restores what a dead one has left."
        )
    made = in_force(state)
    if made is None or not made.managed:
        raise UsageError(f"no profile is in force on this machine, as far as {state} knows.")
    return made, drifted(made)


def drifted(made: Generation) -> tuple[Drift, ...]:
    """Where the machine has drifted from the generation."""
    return tuple(_drifts((one.parameter, one.target, one.value) for one in made.managed))


def against(profile: Profile, places: Places) -> tuple[int, tuple[Drift, ...]]:
    """How many places `profile` has on this machine, and which of them do not hold what it says.

    Raises UsageError and WorkloadError as `apply_targets.steps`.
    """
    found = steps(profile, places)
    return len(found), tuple(_drifts((step.change.parameter, step.target, step.asked) for step in found))


def _drifts(expected: Iterable[tuple[str, Target, str | None]]) -> Iterable[Drift]:
    for parameter, target, value in expected:
        try:
            held, problem = now(target), ""
        except WorkloadError as error:
            held, problem = None, str(error)
        if problem or held != value:
            yield Drift(parameter=parameter, target=target, expected=value, actual=held, problem=problem)
