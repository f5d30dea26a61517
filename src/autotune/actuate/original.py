"""What places hold when no run changes them, and how a person brings them back to that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from autotune.actuate import entries
from autotune.actuate.now import now
from autotune.core.errors import WorkloadError
from autotune.model.target import Target
from autotune.sidecar import recovery, undo, wal
from autotune.sidecar.recovery import BLOBS

_NOBODY_WRITES = "0"
"""What the kernel makes of one of two coupled values when the other is written."""


def original(target: Target, state: Path) -> str | None:
    """The text that the place holds, or held before a run that the journal in `state` holds open.

    Takes no lock and changes nothing. Raises WorkloadError, naming the place, where it cannot be read here.
    """
    try:
        records, _ = wal.read(recovery.journal(str(state)))
    except (OSError, wal.CorruptError):  # whoever takes the lock will say so
        records = []
    blobs = state / BLOBS
    key = entries.whole(target, blobs).key if target.entry else target.key
    place = undo.places(records).get(key)
    if place is None:
        return now(target)
    return entries.entry(target, place.old, blobs) if target.entry else place.old


def by_hand(targets: Sequence[Target], blobs: Path) -> list[str]:
    """Shell commands that bring the places back to what they hold now; contents of files go to `blobs`.

    Raises WorkloadError where one cannot be read, OSError where a content cannot be stored.
    """
    found = (one for target in targets for one in _commands(target, blobs))
    return list(dict.fromkeys(found))


def _commands(target: Target, blobs: Path) -> Iterator[str]:
    if target.entry:
        whole = entries.whole(target, blobs)
        yield _command(whole, entries.keep(whole, blobs))
        return
    for one in (target, *target.also):
        held = now(one)
        if not (target.also and held == _NOBODY_WRITES):
            yield _command(one, held)


def _command(target: Target, held: str | None) -> str:
    means: Any = import_module(f"autotune.sidecar.means.{target.means}")
    try:
        command: str = means.by_hand(json.loads(json.dumps(dict(target.address))), held)
    except (OSError, ValueError) as error:
        raise WorkloadError(f"{target.key}: {error}.") from error
    return command
