"""Brings the machine to each sample's configuration, and back in the end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from autotune.actuate.now import now
from autotune.actuate.original import by_hand, original
from autotune.actuate.session import Services, Session, opened
from autotune.actuate.uninterrupted import uninterrupted
from autotune.core.errors import StorageError, WorkloadError
from autotune.core.files import write_atomic
from autotune.core.state import state_folder
from autotune.flow.host_change import Change, RefusedValueError, coerced, transient
from autotune.flow.host_places import (
    Placed,
    asked,
    host_parameters,
    placed,
    refuse_impossible,
    services,
    told_by_hand,
)
from autotune.flow.host_rules import refuse_forbidden
from autotune.model.space import Config, Space
from autotune.model.target import Brought, Target
from autotune.model.workload import Workload

BY_HAND = "restore.sh"
"""The commands by which a person restores what is changed: in the run's or the state folder, until it is."""

_HEAD = "# What this machine had before autotune changed it, and has again when autotune has ended."

_WAIT_S = 2.0
"""For the guardian of a run that has just been killed."""


def state() -> Path:
    """The folder of this user's journal; as root that of the machine."""
    return state_folder(os.environ, root=os.geteuid() == 0)


def settled(target: Target) -> str | None:
    """What a place holds when no run changes it: for commands that change nothing, and take no lock."""
    return original(target, state())


class Host:
    """The machine as one command changes it; a context manager that leaves it as it was.

    The lock of the machine is taken by the first use, and what a dead run left open is undone by then: a
    workload without parameters of the machine takes none. `changed`: something was changed, and is restored.
    """

    def __init__(self, note: Callable[[str], None], *, allow_risk: bool = False) -> None:
        self.note = note
        self.allow_risk = allow_risk
        self.state = state()
        self._stack = ExitStack()
        self._session: Session | None = None
        self._is_ready = False
        self._by_hand: Path | None = None
        self.changed = False
        self._places: list[tuple[Space, tuple[Placed, ...]]] = []
        self._last: tuple[Sequence[tuple[Target, str | None]], tuple[Brought, ...]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()

    def read(self, target: Target) -> str | None:
        """What the place holds while nothing of this command is changed; raises WorkloadError."""
        self._opened()
        return now(target)

    def ready(self, *workloads: Workload, folder: Path | None = None) -> str:
        """Prepares the changes of `workloads`, before the first of them; in words, what will be done.

        Empty where they change nothing of the machine, and the second time. The commands that restore it by
        hand are written to `folder`, or to the state folder. Raises RefusedError for what the safety rules
        forbid, WorkloadError with every parameter that cannot be changed here, UsageError, BusyError,
        StorageError and NotRestoredError.
        """
        if self._is_ready or not any(map(host_parameters, workloads)):
            return ""
        session = self._opened()
        for workload in workloads:
            refuse_forbidden(workload, allow_risk=self.allow_risk, how="say --allow-risk")
            refuse_impossible(workload)
        places = [one for workload in workloads for one in self._placed(workload)]
        heard = dict.fromkeys(command for workload in workloads for command in told_by_hand(workload))
        path = (folder or self.state) / BY_HAND
        write_atomic(path, "\n".join((*self._script(places, session), *heard, "")), mode=0o700)
        self._by_hand = path
        self._is_ready = True
        told = ", ".join(dict.fromkeys(one.target.key for one in places))
        return (
            f"changes {told} of this machine, and restores it at the end; where autotune is killed, its "
            f"guardian does (process {session.guard()}). By hand: sh {path}"
        )

    def _script(self, places: Sequence[Placed], session: Session) -> tuple[str, ...]:
        try:
            commands = by_hand([one.target for one in places], session.blobs)
        except OSError as error:
            raise StorageError(f"{session.blobs} cannot be written: {error.strerror}.") from error
        return ("#!/bin/sh", _HEAD, *commands)

    def bring(self, workload: Workload, config: Config) -> Change:
        """Brings the machine to `config`: only what differs is written.

        What is unset or inactive in `config`, or not of `workload`, goes back to what it was. Raises
        RefusedValueError, StorageError, and NotRestoredError where somebody else interferes.
        """
        places = self._placed(workload)
        if not places and self._session is None:
            return Change()
        began = time.perf_counter()
        brought = self._brought(self._wanted(places, config), services(workload), began)
        became = coerced(places, config, brought)
        return Change(seconds=time.perf_counter() - began, coerced=became)

    def _wanted(self, places: Sequence[Placed], config: Config) -> list[tuple[Target, str | None]]:
        """Without what goes back to the original: the kernel takes no written 0 for one of coupled values."""
        before = self._opened().originals
        texts = [(one.target, asked(one, config)) for one in places]
        return [
            (target, text)
            for target, text in texts
            if text is not None and not (target.key in before and text == before[target.key])
        ]

    def _brought(
        self, wanted: list[tuple[Target, str | None]], actions: Services, began: float
    ) -> tuple[Brought, ...]:
        if self._last is not None and self._last[0] == wanted and _stands(self._last[1]):
            return self._last[1]
        self._last = None
        try:
            found = self._opened().bring(wanted, actions)
        except WorkloadError as error:
            seconds = time.perf_counter() - began
            raise RefusedValueError(str(error), seconds=seconds, transient=transient(error)) from error
        self._last = (wanted, found)
        return found

    def restore(self) -> None:
        """Brings back all that was changed, and lets go of the machine.

        Raises NotRestoredError, with the commands for it, where something is not as it was.
        """
        if self._session is None:
            self._stack.close()
            return
        with uninterrupted(self._say):
            self.changed = self.changed or bool(self._session.originals)
            self._session = self._last = None
            self._stack.close()
            if self._by_hand:
                self._by_hand.unlink(missing_ok=True)  # nothing is left to be restored by it

    def _opened(self) -> Session:
        if self._session is None:
            session = opened(self.state, kind="trial", note=self._say, wait_s=_WAIT_S)
            self._session = self._stack.enter_context(session)
        return self._session

    def _say(self, text: str) -> None:
        """Tells whoever listens at that moment."""
        self.note(text)

    def _placed(self, workload: Workload) -> tuple[Placed, ...]:
        """The places of `workload`, looked up once: a sample is not to wait for it.

        But for a process: one that was started anew meanwhile is another place.
        """
        for space, places in self._places:
            if space is workload.space:
                return places
        found = placed(workload)
        if all(one.target.means != "process" for one in found):
            self._places.append((workload.space, found))
        return found


def _stands(brought: Sequence[Brought]) -> bool:
    """Whether every place still holds what was brought there: then nothing is written, not even anew."""
    try:
        return all(now(one.target) == one.effective for one in brought)
    except WorkloadError:
        return False
