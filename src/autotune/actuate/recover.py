"""Ends what a dead process left open on this machine, before anything else is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autotune.core.errors import BusyError, NotRestoredError, StorageError
from autotune.core.units import show_seconds
from autotune.sidecar import recovery, undo, wal


def recovered(state: Path, note: Callable[[str], None], *, force: bool = False) -> None:
    """Undoes what the journal in `state` holds open; the caller holds its lock. `force` overwrites any value.

    Raises BusyError where a change waits to be confirmed, NotRestoredError where something is left, or the
    journal is damaged before its end: it is kept. StorageError where it cannot be read.
    """
    _refuse_waiting(state, force=force)
    journal = recovery.journal(str(state))
    try:
        result = recovery.recover(str(state), force=force)
    except wal.CorruptError as error:
        raise NotRestoredError(
            f"{error}. What it held open cannot be told, so nothing is guessed and the file is kept. "
            f"Compare the machine with it by hand, then remove it."
        ) from error
    except OSError as error:
        raise StorageError(f"{journal} cannot be used: {error.strerror}.") from error
    for told in result.notes:
        note(told)
    if result.left:
        paragraphs = "\n".join(f"  {undo.told(one)}" for one in result.left)
        raise NotRestoredError(
            f"the machine is not as it was:\n{paragraphs}\n"
            f"Everything else is restored. The journal is kept: {journal}\n"
            "Mend it by hand, or let autotune overwrite: autotune rollback --force"
        )


def _refuse_waiting(state: Path, *, force: bool) -> None:
    try:
        records, _ = wal.read(recovery.journal(str(state)))
    except (OSError, wal.CorruptError):
        return  # told by whoever reads it next
    left_s = recovery.lease_s(records) if records else None
    if left_s is not None and left_s > 0 and not force:
        raise BusyError(
            f"a profile waits to be confirmed for another {show_seconds(left_s)}. "
            "Keep it with 'autotune apply --confirm', take it back with 'autotune rollback'."
        )
