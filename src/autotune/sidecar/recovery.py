"""What a dead process left open, brought to an end: undone, or, where it was committed, finished."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from autotune.sidecar import generation, moment, undo, wal

LOCK = "lock"


def journal(state: str) -> str:
    """Where the journal is in the folder `state`."""
    return os.path.join(state, wal.NAME)  # noqa: PTH118  as in the launcher


def recover(state: str, *, force: bool = False) -> undo.Undone:
    """Ends what the journal holds open; the caller holds the lock of `state`.

    Where something is left, the journal stays, and the next recovery tries again. Raises CorruptError where
    the journal is damaged before its end, OSError where it cannot be read or removed.
    """
    records, end = wal.read(journal(state))
    if not records:
        with suppress(FileNotFoundError):
            wal.remove(journal(state))  # nothing was changed before the first record was there
        return undo.Undone()
    if records[-1]["r"] == "commit":
        finish(state, records[-1])
        return undo.Undone(notes=["a change that was committed is finished"])
    result = undo.Undone()
    if records[-1]["r"] != "restored":
        result = undo.undo(records, force=force)
        if result.left:
            return result
        with suppress(OSError), wal.Wal(journal(state), end=end) as open_journal:
            open_journal.append({"r": "restored"}, sync=False)  # a full disk is no reason to keep it open
    wal.remove(journal(state))
    return result


def finish(state: str, commit: dict[str, Any]) -> None:
    """Makes the committed generation the one in force, and closes the journal."""
    for number, data in commit["generations"]:
        generation.write(state, number, data)
    generation.switch(state, commit["generations"][-1][0])
    wal.remove(journal(state))


def lease_s(records: list[dict[str, Any]]) -> float | None:
    """For how many seconds the open change may still stand unconfirmed; None where it has no such leave."""
    leases = [r for r in records if r["r"] == "lease"]
    if not leases or records[-1]["r"] != "lease" or records[0]["boot"] != moment.boot():
        return None
    return float(leases[-1]["until"] - moment.now_s())
