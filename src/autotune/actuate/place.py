"""What a session is to write where: one place each, the entries of one file taken together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from autotune.actuate import entries
from autotune.model.target import Brought, Target
from autotune.sidecar import undo

Wanted: TypeAlias = Sequence[tuple[Target, str | None]]
"""Places with the text that each is to hold."""

_RESET = "0"
"""What the kernel makes of one of two coupled values when the other is written; nobody can write it."""


@dataclass(slots=True, kw_only=True)
class Place:
    """A place with what it holds `now`, what is `asked`, and what was read back: `effective`.

    `services` maps each service that has to hear of the change to reload or restart; `also` are the places
    that the kernel changes with it, with what they hold.
    """

    target: Target
    now: str | None
    asked: str | None
    effective: str | None = None
    services: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[Target, str | None]] = field(default_factory=dict)

    @property
    def coupled(self) -> bool:
        """Whether the kernel resets it when a partner is written."""
        return bool(self.also)

    def read(self) -> str | None:
        """What it holds at this moment; raises OSError."""
        return read(self.target)

    def write(self, value: str | None) -> None:
        """Writes `value`; raises OSError."""
        if not (self.coupled and value == _RESET):
            _means(self.target).write(self.target.address, value)

    def take_back(self) -> None:
        """Writes what it held, and its partners, where they hold something else by now; raises OSError."""
        for target, held in ((self.target, self.now), *self.also.values()):
            if read(target) != held and not (self.coupled and held == _RESET):
                _means(target).write(target.address, held)

    def seen(self) -> Iterator[tuple[str, str | None]]:
        """What it and its partners hold at this moment, by key; raises OSError."""
        for target in (self.target, *(target for target, _ in self.also.values())):
            yield target.key, read(target)

    def intents(self) -> Iterator[dict[str, Any]]:
        """What the journal keeps of it and of its partners."""
        yield self._intent(self.target, self.now, self.asked, self.services)
        for target, now in self.also.values():
            yield self._intent(target, now, _RESET, {})

    def _intent(
        self, target: Target, old: str | None, new: str | None, actions: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            "key": target.key,
            "means": target.means,
            "address": dict(target.address),
            "old": old,
            "new": new,
            "volatile": target.volatile,
            "identity": _means(target).identity(target.address),
            "coupled": self.coupled,
            "actions": dict(actions),
        }


def read(target: Target) -> str | None:
    """What the place holds; raises OSError where it cannot be read."""
    found: str | None = _means(target).read(target.address)
    return found


def _means(target: Target) -> Any:
    return import_module(f"autotune.sidecar.means.{target.means}")


def planned(wanted: Wanted, known: Mapping[str, undo.Place], blobs: Path) -> list[Place]:
    """A place for each of `wanted`, files as wholes; and for each `known` one that is to go back, first.

    Contents of files, old and new, are stored in `blobs`. Raises OSError where a place cannot be read,
    WorkloadError where a file is not of its format.
    """
    simple = {target.key: _simple(target, asked) for target, asked in wanted if not target.entry}
    files = {place.target.key: place for place in _files(wanted, known, blobs)}
    taken = {key for place in simple.values() for key in place.also} | simple.keys() | files.keys()
    back = [_returning(place) for key, place in known.items() if key not in taken]
    return [*reversed(back), *simple.values(), *files.values()]


def _simple(target: Target, asked: str | None) -> Place:
    return Place(
        target=target,
        now=read(target),
        asked=asked,
        services={target.service: target.needs} if target.needs else {},
        also={other.key: (other, read(other)) for other in target.also},
    )


def _returning(known: undo.Place) -> Place:
    target = Target(key=known.key, means=known.means, address=known.address, volatile=known.volatile)
    place = Place(target=target, now=read(target), asked=known.old, services=dict(known.actions))
    if known.coupled:
        place.also = {known.key: (target, known.old)}
    return place


def _files(wanted: Wanted, known: Mapping[str, undo.Place], blobs: Path) -> Iterator[Place]:
    """The files of all entries: what each held before the first change, with the entries put."""
    by_file: dict[str, list[tuple[Target, str | None]]] = {}
    for target, asked in wanted:
        if target.entry:
            by_file.setdefault(entries.whole(target, blobs).key, []).append((target, asked))
    for key, inside in by_file.items():
        target = entries.whole(inside[0][0], blobs)
        now = entries.keep(target, blobs)
        asked = entries.edited(known[key].old if key in known else now, inside, blobs)
        changed = [t for t, _ in inside if entries.entry(t, now, blobs) != entries.entry(t, asked, blobs)]
        yield Place(target=target, now=now, asked=asked, services=_heard(changed))


def _heard(targets: Sequence[Target]) -> dict[str, str]:
    """What each service has to do: a restart outweighs reloads."""
    found: dict[str, str] = {}
    for target in targets:
        if target.needs and found.get(target.service) != "restart":
            found[target.service] = target.needs
    return found


def brought(wanted: Wanted, places: Sequence[Place], blobs: Path) -> tuple[Brought, ...]:
    """What became of each of `wanted`; the entries of a file each for itself."""
    by_key = {place.target.key: place for place in places}
    return tuple(
        _entry_brought(target, asked, by_key[entries.whole(target, blobs).key], blobs)
        if target.entry
        else _brought(by_key[target.key])
        for target, asked in wanted
    )


def _brought(place: Place) -> Brought:
    effective = place.asked if place.now == place.asked else place.effective
    return Brought(target=place.target, before=place.now, asked=place.asked, effective=effective)


def _entry_brought(target: Target, asked: str | None, file: Place, blobs: Path) -> Brought:
    effective = file.asked if file.now == file.asked else file.effective
    return Brought(
        target=target,
        before=entries.entry(target, file.now, blobs),
        asked=asked,
        effective=entries.entry(target, effective, blobs),
    )
