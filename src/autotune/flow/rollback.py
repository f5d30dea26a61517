"""Goes back to an earlier generation, as a new one: history is never edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autotune.actuate.generations import Generation, Managed, in_force, known, read, to_data
from autotune.actuate.now import now
from autotune.actuate.session import Session, opened
from autotune.core.errors import StorageError, UsageError, WorkloadError
from autotune.model.target import Target
from autotune.sidecar.moment import boot


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A place that did not go back: what it should hold, what it holds, and why."""

    target: Target
    wanted: str | None
    actual: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """What a rollback did: the generation that it made (None: there was nothing to do), and what is left.

    `recovered`: what a dead process had left open, or waited to be confirmed, was undone first.
    """

    made: Generation | None
    recovered: bool = False
    returned: tuple[Managed, ...] = ()
    left: tuple[Left, ...] = ()


def rollback(
    state: Path,
    *,
    to: int | None = None,
    force: bool = False,
    note: Callable[[str], None],
    wait_s: float = 0.0,
) -> Rolled:
    """Brings back the values of generation `to`, or of the parent of the one in force.

    What a dead process left open, or waits to be confirmed, is undone first, and is all that is done where
    `to` is None. A place that somebody else has changed is left alone unless `force`; the others go back all
    the same. Raises UsageError for a generation that is not there, and what `opened` raises.
    """
    with opened(state, kind="profile", note=note, wait_s=wait_s, force=force, unconfirmed=True) as session:
        if session.recovered and to is None:
            return Rolled(made=None, recovered=True)
        before = _in_force(state, originals=to == 0)
        if before is None:
            return Rolled(made=None, recovered=session.recovered)
        number = to if to is not None else before.parent or 0
        if number not in known(state):
            raise UsageError(
                f"there is no generation {number}. There are: {', '.join(map(str, known(state)))}."
            )
        done = _Back(session, before, read(state, number)).go(force=force)
        return replace(done, recovered=session.recovered)


def _in_force(state: Path, *, originals: bool) -> Generation | None:
    """The generation in force; where it is damaged, and only `originals` are asked for, these alone.

    What is known of them is what generation 0 holds.
    """
    try:
        return in_force(state)
    except StorageError:
        if originals and 0 in known(state):
            return read(state, 0)
        raise


class _Back:
    def __init__(self, session: Session, before: Generation, earlier: Generation) -> None:
        self._session, self._before, self._earlier = session, before, earlier

    def go(self, *, force: bool) -> Rolled:
        aims = [self._aim(one) for one in self._before.managed]
        looked = [_look(one, aim, self._ever(one), force=force) for one, aim in self._pairs(aims)]
        left = [found for found in looked if found]
        stuck = {found.target.key for found in left}
        going = [aim for aim in aims if aim.target.key not in stuck and now(aim.target) != aim.value]
        if not going and (left or all(one.value == aim.value for one, aim in self._pairs(aims))):
            return Rolled(made=None, left=tuple(left))
        left += self._bring([aim for aim in aims if aim.target.key not in stuck])
        stuck = {found.target.key for found in left}
        made = replace(
            self._earlier,
            number=max(known(self._session.state)) + 1,
            again=self._earlier.number,
            why="rollback",
            at=datetime.now().astimezone().isoformat(timespec="seconds"),
            boot=boot(),
            services=self._before.services,
            managed=tuple(aims),
        )
        self._session.commit([(made.number, to_data(made))])
        returned = tuple(aim for aim in going if aim.target.key not in stuck)
        return Rolled(made=made, returned=returned, left=tuple(left))

    def _pairs(self, aims: Sequence[Managed]) -> list[tuple[Managed, Managed]]:
        return list(zip(self._before.managed, aims, strict=True))

    def _ever(self, one: Managed) -> set[str | None]:
        """Every value that a generation gave the place: a rollback that left it may be done again."""
        values = {one.value, one.original}
        for number in known(self._session.state):
            with suppress(StorageError):
                earlier = read(self._session.state, number).by_key.get(one.target.key)
                values.update({earlier.value} if earlier else ())
        return values

    def _aim(self, one: Managed) -> Managed:
        earlier = self._earlier.by_key.get(one.target.key)
        return replace(one, value=earlier.value if earlier else one.original)

    def _bring(self, aims: Sequence[Managed]) -> list[Left]:
        """Brings them all at once; where that fails, each for itself: what can go back goes back."""
        try:
            self._session.bring([(aim.target, aim.value) for aim in aims], self._before.services)
        except WorkloadError:
            return self._bring_singly(aims)
        return []

    def _bring_singly(self, aims: Sequence[Managed]) -> list[Left]:
        done: list[Managed] = []
        left: list[Left] = []
        for aim in aims:
            try:
                self._session.bring([(one.target, one.value) for one in (*done, aim)], self._before.services)
                done.append(aim)
            except WorkloadError as error:
                left.append(
                    Left(target=aim.target, wanted=aim.value, actual=_held(aim.target), why=str(error))
                )
        return left


def _look(one: Managed, aim: Managed, ours: set[str | None], *, force: bool) -> Left | None:
    """What is wrong with writing over the place, if anything is; `ours` are autotune's own values."""
    try:
        held = now(one.target)
    except WorkloadError as error:
        return Left(target=one.target, wanted=aim.value, actual=None, why=str(error))
    if held in {*ours, aim.value} or force:
        return None
    why = f"somebody else has changed it since it was set to {one.value}; it was left alone"
    return Left(target=one.target, wanted=aim.value, actual=held, why=why)


def _held(target: Target) -> str | None:
    try:
        return now(target)
    except WorkloadError:
        return None
