"""Applies a profile to this machine as a new generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autotune.actuate.generations import Generation, Managed, in_force, known, read, to_data
from autotune.actuate.now import now
from autotune.actuate.session import Services, Session, opened
from autotune.core.errors import RefusedError, UsageError, WorkloadError
from autotune.flow.apply_targets import Places, Step
from autotune.model.profile import Profile
from autotune.model.target import Brought
from autotune.sidecar.moment import boot


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What applying a profile would do: its steps, what each place holds now, the generation in force.

    `sha256` is of the profile's file.
    """

    profile: Profile
    sha256: str
    steps: tuple[Step, ...]
    now: tuple[str | None, ...]
    before: Generation | None

    @property
    def changing(self) -> tuple[tuple[Step, str | None], ...]:
        """The steps that change something, each with what its place holds now."""
        return tuple(
            (step, held) for step, held in zip(self.steps, self.now, strict=True) if held != step.asked
        )


def plan(state: Path, profile: Profile, sha256: str, found: Sequence[Step], *, force: bool = False) -> Plan:
    """What applying `profile` by the steps `found` would do here; nothing is changed.

    Raises RefusedError where a later generation took the profile's place, or somebody else has changed what
    an earlier profile keeps (unless `force`); UsageError, WorkloadError as `steps`.
    """
    before = in_force(state)
    if not found:
        raise UsageError(
            f"profile '{profile.name}' changes nothing that a machine keeps. It is for the command line or "
            "the environment of its program: autotune export PROFILE --format env|json"
        )
    _refuse_old(state, sha256, before)
    made = Plan(
        profile=profile,
        sha256=sha256,
        steps=tuple(found),
        now=tuple(now(step.target) for step in found),
        before=before,
    )
    if not force:
        _refuse_drifted(made)
    return made


def _refuse_old(state: Path, sha256: str, before: Generation | None) -> None:
    """An older generation comes back by rollback, which knows what came between.

    Where the originals are in force nothing did: then it is applied anew.
    """
    if before is None or before.sha256 in {"", sha256}:
        return
    for number in reversed(known(state)):
        old = read(state, number)
        if old.sha256 == sha256:
            raise RefusedError(
                f"this profile is generation {number} of this machine, and generation {before.number} "
                f"(profile '{before.profile}', made from {before.parent}) is in force. "
                f"Go back to it with: autotune rollback --to {number}"
            )


def _refuse_drifted(plan: Plan) -> None:
    managed = plan.before.by_key if plan.before else {}
    told = [
        f"  {step.target.key}: generation {plan.before.number if plan.before else 0} set "
        f"{managed[step.target.key].value}, it is {held}"
        for step, held in zip(plan.steps, plan.now, strict=True)
        if step.target.key in managed and held not in _ours(managed[step.target.key], step)
    ]
    if told:
        raise RefusedError(
            "somebody else has changed what an earlier profile keeps:\n"
            + "\n".join(told)
            + "\nLook into it (autotune verify). To overwrite it: --force"
        )


def _ours(managed: Managed, step: Step) -> set[str | None]:
    return {managed.value, managed.original, step.asked}


def apply(  # noqa: PLR0913  each is a choice of the caller
    state: Path,
    plan: Plan,
    places: Places,
    *,
    note: Callable[[str], None],
    confirm_within_s: float | None = None,
    wait_s: float = 0.0,
) -> Generation:
    """Makes `plan` true and keeps it as a generation, which is returned.

    With `confirm_within_s` it stands for so long, and is undone unless it is confirmed. Raises WorkloadError
    where the system takes a value otherwise than asked: then all of it is taken back; and what
    `Session.bring` and `opened` raise.
    """
    with opened(state, kind="profile", note=note, wait_s=wait_s) as session:
        _refuse_moved(plan)
        return _applied(session, plan, places.specs(), confirm_within_s)


def _refuse_moved(plan: Plan) -> None:
    """What was shown to the user has to be what is done."""
    for step, held in zip(plan.steps, plan.now, strict=True):
        if (found := now(step.target)) != held:
            raise RefusedError(
                f"{step.target.key} was {held} when the change was shown, and is {found} now. "
                "Nothing was changed. Run the same command again."
            )


def _applied(session: Session, plan: Plan, services: Services, confirm_s: float | None) -> Generation:
    brought = session.bring([(step.target, step.asked) for step in plan.steps], services)
    if coerced := [one for one in brought if one.coerced]:
        told = "; ".join(f"{c.target.key}: asked {c.asked}, is {c.effective}" for c in coerced)
        raise WorkloadError(
            f"this machine takes other values than were proven ({told}). All of it is taken back."
        )
    generations = _generations(session.state, plan, brought, services)
    data = [(made.number, to_data(made)) for made in generations]
    if confirm_s is None:
        session.commit(data)
    else:
        session.lease(confirm_s, data)
        session.leave()
    return generations[-1]


def _generations(state: Path, plan: Plan, brought: Sequence[Brought], services: Services) -> list[Generation]:
    """The generation that this makes, after the originals where there are none yet."""
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    before = plan.before
    kept = dict(before.by_key) if before else {}
    number = max(known(state), default=0) + 1
    found = _found(plan, number, at)
    for step, one in zip(plan.steps, brought, strict=True):
        original = kept[step.target.key].original if step.target.key in kept else one.before
        kept[step.target.key] = Managed(
            parameter=step.change.parameter, target=step.target, original=original, value=one.effective
        )
    made = Generation(
        number=number + len(found),
        parent=found[0].number if found else _parent(plan),
        why="apply",
        profile=plan.profile.name,
        sha256=plan.sha256,
        run=str(plan.profile.made_by.get("run", "")),
        managed=tuple(kept.values()),
        services={**(before.services if before else {}), **services},
        at=at,
        boot=boot(),
    )
    if before:
        return [*found, made]
    originals = tuple(
        Managed(parameter=m.parameter, target=m.target, original=m.original, value=m.original)
        for m in made.managed
    )
    first = Generation(number=0, parent=None, why="original", managed=originals, at=at, boot=boot())
    return [first, made]


def _parent(plan: Plan) -> int:
    """What a rollback goes back to; one that is applied again has the parent that it had."""
    before = plan.before
    if before is None:
        return 0
    if before.sha256 == plan.sha256 and before.parent is not None:
        return before.parent
    return before.number


def _found(plan: Plan, number: int, at: str) -> list[Generation]:
    """What somebody else had made of the places, where that is overwritten: it can be gone back to."""
    before = plan.before
    if before is None:
        return []
    foreign = {
        step.target.key: held
        for step, held in zip(plan.steps, plan.now, strict=True)
        if (one := before.by_key.get(step.target.key)) and held not in _ours(one, step)
    }
    if not foreign:
        return []
    managed = tuple(replace(m, value=foreign.get(m.target.key, m.value)) for m in before.managed)
    parent = 0 if before.parent is None else before.parent
    return [replace(before, number=number, parent=parent, why="found", at=at, boot=boot(), managed=managed)]
