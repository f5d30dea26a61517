"""Ends what a dead process left open on this machine, before anything else is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from autotune.core.errors import BusyError, NotRestoredError, StorageError, UsageError
from autotune.core.files import locked
from autotune.core.units import show_seconds
from autotune.sidecar import generation, recovery, undo, wal


def recovered(
    state: Path,
    note: Callable[[str], None],
    *,
    force: bool = False,
    unconfirmed: bool = False,
    own: Sequence[dict[str, Any]] = (),
) -> bool:
    """Undoes what the journal in `state` holds open; the caller holds its lock. `force` overwrites any value.

    Says whether anything was open. `own` are the records of who has just written them. What waits to be
    confirmed is undone only where it may be `unconfirmed`, else BusyError. Raises NotRestoredError where
    something is left, or the journal is damaged: it is kept. StorageError where it cannot be read.
    """
    if not unconfirmed:
        refuse_waiting(state)
    journal = recovery.journal(str(state))
    was_open = Path(journal).exists()
    try:
        result = recovery.recover(str(state), force=force, fresh=bool(own), known=own)
    except wal.CorruptError as error:
        raise NotRestoredError(
            f"{error}. What it held open cannot be told, so nothing is guessed and the file is kept. "
            f"Compare the machine with it by hand, then remove it."
        ) from error
    except OSError as error:
        if own and own[-1]["r"] == "commit" and generation.current(str(state)) != _last(own[-1]):
            raise NotRestoredError(
                f"{state} cannot be written: {error.strerror}. The change is written down as one that stays, "
                "so it is kept, and finished by the next autotune command."
            ) from error
        raise StorageError(f"{journal} cannot be used: {error.strerror}.") from error
    for told in result.notes:
        with suppress(OSError):  # the terminal is gone: what is left has to be told all the same
            note(told)
    if result.left:
        paragraphs = "\n".join(f"  {undo.told(one)}" for one in result.left)
        raise NotRestoredError(
            f"the machine is not as it was:\n{paragraphs}\n"
            "Everything else is restored. "
            + (
                "autotune has given it up: mend it by hand."
                if force
                else f"The journal is kept: {journal}\n"
                "Mend it by hand, or let autotune overwrite: autotune rollback --force"
            )
        )
    return was_open


def _last(commit: Mapping[str, Any]) -> int:
    number: int = commit["generations"][-1][0]
    return number


def refuse_waiting(state: Path) -> None:
    """Raises BusyError where a change waits to be confirmed."""
    left_s = waiting_s(state)
    if left_s is not None and left_s > 0:
        raise BusyError(
            f"a profile waits to be confirmed for another {show_seconds(left_s)}. "
            "Keep it with 'autotune apply --confirm', take it back with 'autotune rollback'."
        )


def waiting_s(state: Path) -> float | None:
    """For how many seconds a change may still be confirmed; None where none waits."""
    try:
        records, _ = wal.read(recovery.journal(str(state)))
    except (OSError, wal.CorruptError):
        return None  # told by whoever recovers
    return recovery.lease_s(records) if records else None


def confirm(state: Path) -> None:
    """Commits the change that waits; raises UsageError where none does, BusyError, StorageError."""
    with locked(state / recovery.LOCK, what="this machine"):
        left_s = waiting_s(state)
        if left_s is None or left_s <= 0:
            raise UsageError("no profile waits to be confirmed. What is in force: autotune status")
        try:
            records, end = wal.read(recovery.journal(str(state)))
            commit = {"r": "commit", "generations": records[-1]["generations"]}
            with wal.Wal(recovery.journal(str(state)), end=end) as journal:
                journal.append(commit, sync=True)
            recovery.finish(str(state), commit)
        except OSError as error:
            raise StorageError(f"{state} cannot be written: {error.strerror}.") from error


def holder(state: Path) -> str:
    """Who has the journal open, in words."""
    try:
        records, _ = wal.read(recovery.journal(str(state)))
    except (OSError, wal.CorruptError):
        records = []
    return f"a {records[0]['kind']} of process {records[0]['pid']}" if records else "another process"
