"""Says in one record what a long journal says of each place: what it was, and what it was made last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autotune.sidecar import undo


def folded(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records by which the same is undone as by `records`, of which each change was read back.

    What a place was in between is forgotten: nothing of it is there any more.
    """
    known = undo.places(records)
    intents = [
        {
            "key": place.key,
            "means": place.means,
            "address": place.address,
            "old": place.old,
            "new": place.last,
            "volatile": place.volatile,
            "identity": place.identity,
            "coupled": place.coupled,
            "actions": place.actions,
        }
        for place in known.values()
    ]
    actions = {name: spec for record in records for name, spec in record.get("actions", {}).items()}
    change = {"r": "change", "intents": intents, "actions": actions}
    seen = {key: place.last for key, place in known.items() if not place.unseen}
    return [records[0], change, {"r": "applied", "seen": seen}]
