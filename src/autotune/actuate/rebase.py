"""Lets other parts of a file be changed by somebody else while autotune has its entries in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from autotune.actuate import entries
from autotune.core.errors import AutotuneError
from autotune.model.target import Target
from autotune.sidecar import undo
from autotune.sidecar.means import file

Asked: TypeAlias = Mapping[str, Mapping[str, tuple[Target, str | None]]]
"""By the key of a file: each of its entries with the text that it was made to hold last."""


def rebased(known: Mapping[str, undo.Place], asked: Asked, blobs: Path) -> dict[str, Any] | None:
    """A record for the journal, by which such files go back to what they are now, but for the entries.

    Contents are stored in `blobs`; nothing else is written. None where no file was changed so. A file of
    which an entry is another one by now is somebody else's: it is not in the record.
    """
    found: dict[str, tuple[str | None, str | None]] = {}
    for key, place in known.items():
        if key in asked:
            with suppress(OSError, AutotuneError):
                now = file.read(place.address)
                if now is not None and now not in place.ours:
                    found |= _beside(place, asked[key].values(), blobs)
    if not found:
        return None
    olds = {key: old for key, (old, _) in found.items()}
    return {"r": "rebased", "olds": olds, "seen": {key: now for key, (_, now) in found.items()}}


def _beside(
    place: undo.Place, asked: Iterable[tuple[Target, str | None]], blobs: Path
) -> dict[str, tuple[str | None, str | None]]:
    before = [(target, text, entries.entry(target, place.old, blobs)) for target, text in asked]
    now = entries.keep(entries.whole(before[0][0], blobs), blobs)
    if any(entries.entry(target, now, blobs) != text for target, text, _ in before):
        return {}
    old = entries.edited(now, [(target, text) for target, _, text in before], blobs)
    return {place.key: (old, now)}
