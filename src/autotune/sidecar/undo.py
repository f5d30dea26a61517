"""Brings every value of a journal back to what it was before the first change."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from autotune.sidecar import action, moment

Record = Mapping[str, Any]
_FOREIGN = "somebody else has changed it since; it was left alone"
_NO_CHANGE = "0"
"""What the kernel makes of one of two coupled values when the other is written."""


@dataclass(slots=True)
class Place:
    """One value of the machine as the journal knows it: what it was, and all that autotune made of it.

    `last` is what it was made last. It is `unseen` where that was not read back: the kernel may have made
    another value of it.
    """

    key: str
    means: str
    address: Mapping[str, Any]
    old: str | None
    volatile: bool
    identity: str
    coupled: bool
    ours: set[str | None] = field(default_factory=set)
    last: str | None = None
    unseen: bool = False
    actions: dict[str, str] = field(default_factory=dict)

    @property
    def by(self) -> Any:
        """The module that reads and writes it."""
        return import_module(f"autotune.sidecar.means.{self.means}")


@dataclass(frozen=True, slots=True)
class Left:
    """A value that is not as it was: what it was, what it is, why, and how to write the old one by hand."""

    key: str
    old: str | None
    actual: str | None
    why: str
    by_hand: str


@dataclass(slots=True)
class Undone:
    """What an undo came to: what is `left`, and `notes` of what needed none."""

    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def places(records: Sequence[Record]) -> dict[str, Place]:
    """Every place that the journal holds, by key, in the order of its first change.

    One that was changed again with another identity had gone away meanwhile: it is the later one.
    """
    found: dict[str, Place] = {}
    for record in records:
        for intent in record.get("intents", ()):
            if intent["key"] in found and found[intent["key"]].identity != intent["identity"]:
                del found[intent["key"]]
            place = found.setdefault(intent["key"], _place(intent))
            place.ours.update((intent["new"], place.old))
            place.last = intent["new"]
            place.unseen = True
            place.actions.update(intent["actions"])
        for key, seen in record.get("seen", {}).items():
            found[key].ours.add(seen)
            found[key].last, found[key].unseen = seen, False
        for key, old in record.get("olds", {}).items():
            found[key].old = old
            found[key].ours.add(old)
    return found


def _place(intent: Record) -> Place:
    return Place(
        key=intent["key"],
        means=intent["means"],
        address=intent["address"],
        old=intent["old"],
        volatile=intent["volatile"],
        identity=intent["identity"],
        coupled=intent["coupled"],
    )


def undo(
    records: Sequence[Record],
    *,
    force: bool = False,
    fresh: bool = False,
    perform: Callable[..., None] = action.perform,
) -> Undone:
    """Writes old values back, in reverse order, over autotune's own values only; `force` over any.

    Where the changes are `fresh`, nobody has had the time for another one: a value that was not read back is
    autotune's own, whatever the kernel made of it.

    Goes on after each failure. Values that a reboot has reset are left alone. It may be stopped at any point
    and done again. Services that heard of the changes hear of their return last.
    """
    result = Undone()
    boot = moment.boot()
    rebooted = bool(boot and records[0]["boot"] and records[0]["boot"] != boot)
    open_places = [p for p in places(records).values() if _still_there(p, result, rebooted=rebooted)]
    failures: dict[str, str] = {}
    for place in reversed(open_places):
        if why := _write_back(place, result, force=force or (fresh and place.unseen)):
            failures[place.key] = why
    specs = {name: spec for r in records for name, spec in r.get("actions", {}).items()}
    for name, what in _heard(open_places).items():
        if why := _perform(perform, specs[name], what):
            result.left.append(
                Left(f"service {name}", "running", None, why, action.by_hand(specs[name], what))
            )
    result.left.extend(_verified(open_places, failures))
    return result


def _still_there(place: Place, result: Undone, *, rebooted: bool) -> bool:
    """Whether there is something to undo: not where a reboot or the end of the place has done it."""
    if rebooted and place.volatile:
        result.notes.append(f"{place.key}: the reboot has reset it")
        return False
    if gone(place):
        result.notes.append(f"{place.key}: what was changed is gone, nothing is left to undo")
        return False
    return True


def gone(place: Place) -> bool:
    """Whether the place has gone away, or is another one of the same name by now."""
    if not place.identity:
        return False
    try:
        return bool(place.by.identity(place.address) != place.identity)
    except (FileNotFoundError, ProcessLookupError):
        return True
    except OSError:
        return False  # a service that does not answer now may still hold the value: reading it tells why


def _write_back(place: Place, result: Undone, *, force: bool) -> str:
    """Why the old value could not be written; empty where it is there.

    What is overwritten by force is told; of a file a copy is kept.
    """
    try:
        if tidy := getattr(place.by, "tidy", None):
            tidy(place.address)
        now = place.by.read(place.address)
        if now == place.old:
            return ""
        if now not in place.ours:
            if not force:
                return _FOREIGN
            aside = getattr(place.by, "aside", lambda _: now)(place.address)
            result.notes.append(f"{place.key}: overwritten; what was there: {aside}")
        if not (place.coupled and place.old == _NO_CHANGE):
            place.by.write(place.address, place.old)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _heard(open_places: Sequence[Place]) -> dict[str, str]:
    """Services with what each has to do: one restart outweighs any reload."""
    found: dict[str, str] = {}
    for place in open_places:
        for name, what in place.actions.items():
            if found.get(name) != "restart":
                found[name] = what
    return found


def _perform(perform: Callable[..., None], spec: Record, what: str) -> str:
    try:
        perform(spec, what)
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def _verified(open_places: Sequence[Place], failures: Mapping[str, str]) -> Iterator[Left]:
    """What is not as it was, or perhaps not for good, now that everything is written."""
    for place in open_places:
        try:
            now = place.by.read(place.address)
        except OSError as error:
            now, why = None, error.strerror or str(error)
        else:
            why = "the old value was written and did not stay"
            if now == place.old and failures.get(place.key, _FOREIGN) == _FOREIGN:
                continue
        by_hand = place.by.by_hand(place.address, place.old)
        yield Left(place.key, place.old, now, failures.get(place.key, why), by_hand)


def told(left: Left) -> str:
    """One paragraph for people: what is left, and the command that mends it."""
    was = "not there" if left.old is None else shlex.quote(left.old)
    now = "unknown or not there" if left.actual is None else shlex.quote(left.actual)
    return f"{left.key}: was {was}, is {now}: {left.why}\n    by hand: {left.by_hand}"
