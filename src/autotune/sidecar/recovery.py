"""What a dead process left open, brought to an end: undone, or, where it was committed, finished."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from autotune.sidecar import generation, moment, undo, wal

LOCK = "lock"
BLOBS = "blobs"
"""Contents of files, kept while a journal names them."""


def journal(state: str) -> str:
    """Where the journal is in the folder `state`."""
    return os.path.join(state, wal.NAME)  # noqa: PTH118  as in the launcher


def recover(
    state: str, *, force: bool = False, fresh: bool = False, known: Sequence[dict[str, Any]] = ()
) -> undo.Undone:
    """Ends what the journal holds open; the caller holds the lock of `state`.

    `fresh` is for who comes at once; `known` are the records of who has them still, whatever became of the
    file. Where something is left, the journal stays, and the next recovery tries again; by `force` it is
    given up, and kept under another name. Raises CorruptError where the journal is damaged or of another
    version, OSError where it cannot be read or removed.
    """
    records, end = _records(state, known)
    if not records:
        _remove(state)  # nothing was changed before the first record was there
        return undo.Undone()
    if records[0]["r"] != "begin" or records[0]["v"] != wal.VERSION:
        raise wal.CorruptError(f"{journal(state)} is of another version of autotune")
    if records[-1]["r"] == "commit":
        finish(state, records[-1])
        return undo.Undone(notes=["a change that was committed is finished"])
    result = undo.Undone()
    if records[-1]["r"] != "restored":
        result = undo.undo(records, force=force, fresh=fresh)
        if result.left and force:
            result.notes.append(f"the journal is given up, and kept as {_archived(state)}")
        if result.left:
            return result
        if end:
            with suppress(OSError), wal.Wal(journal(state), end=end) as open_journal:
                open_journal.append({"r": "restored"}, sync=False)  # a full disk is no reason to keep it open
    _remove(state)
    return result


def _records(state: str, known: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    try:
        records, end = wal.read(journal(state))
    except (OSError, wal.CorruptError):
        if not known:
            raise
        return list(known), 0
    return list(known) or records, end


def _archived(state: str) -> str:
    """The journal's new name, under which nobody looks for open changes."""
    number = 1
    while os.path.exists(path := os.path.join(state, f"aborted-{number}")):  # noqa: PTH110,PTH118
        number += 1
    if os.path.exists(journal(state)):  # noqa: PTH110
        os.rename(journal(state), path)  # noqa: PTH104
        wal.sync_folder(state)
    return path


def _remove(state: str) -> None:
    """Takes away the journal, and the contents of files that only it has named."""
    if os.path.exists(journal(state)):  # noqa: PTH110  as above
        wal.remove(journal(state))
        _sweep(state)


def _sweep(state: str) -> None:
    with suppress(OSError):
        for entry in os.scandir(os.path.join(state, BLOBS)):  # noqa: PTH118
            if entry.is_file(follow_symlinks=False):
                os.unlink(entry.path)  # noqa: PTH108


def finish(state: str, commit: dict[str, Any]) -> None:
    """Makes the committed generation the one in force, and closes the journal."""
    for number, data in commit["generations"]:
        generation.write(state, number, data)
    generation.switch(state, commit["generations"][-1][0])
    wal.remove(journal(state))
    _sweep(state)


def lease_s(records: list[dict[str, Any]]) -> float | None:
    """For how many seconds the open change may still stand unconfirmed; None where it has no such leave."""
    leases = [r for r in records if r["r"] == "lease"]
    if not leases or records[-1]["r"] != "lease" or records[0]["boot"] != moment.boot():
        return None
    return float(leases[-1]["until"] - moment.now_s())
