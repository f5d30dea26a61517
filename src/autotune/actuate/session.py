"""All changes that this process makes to the machine: written down first, read back, undone in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from autotune.actuate.entries import whole
from autotune.actuate.guardian import Guardian
from autotune.actuate.place import Place, Wanted, brought, planned
from autotune.actuate.rebase import rebased
from autotune.actuate.recover import recovered
from autotune.actuate.spare import Spare
from autotune.actuate.uninterrupted import uninterrupted
from autotune.core.errors import NotRestoredError, StorageError, WorkloadError
from autotune.core.files import locked
from autotune.core.state import claim
from autotune.model.target import Brought, Target
from autotune.sidecar import action, generation, moment, recovery, undo, wal
from autotune.sidecar.fold import folded

Kind: TypeAlias = Literal["trial", "profile", "watch"]
Services: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By name, how each service is reloaded and restarted, as plain data."""

_LONGEST = 256 * 1024
"""Bytes of the journal; it is read once for each change, and by whoever undoes it."""


@contextmanager
def opened(  # noqa: PLR0913  each is a choice of the caller
    state: Path,
    *,
    kind: Kind,
    note: Callable[[str], None],
    wait_s: float = 0.0,
    force: bool = False,
    unconfirmed: bool = False,
) -> Iterator[Session]:
    """The session of this process in the folder `state`, locked against every other one on this machine.

    What a dead process left open is undone first, over foreign values too with `force`; so is what waits to
    be confirmed where it may be `unconfirmed`. Whatever happens inside, everything that was not committed is
    undone when it closes. Raises BusyError while another process holds it, NotRestoredError where
    something is not as it was, before or afterwards.
    """
    claim(state)
    with locked(state / recovery.LOCK, what="this machine", wait_s=wait_s):
        was_open = recovered(state, note, force=force, unconfirmed=unconfirmed)
        session = Session(state, kind, was_open)
        try:
            yield session
        finally:
            session.close(note)


@dataclass(slots=True)
class Session:
    """The journal of this process. Nothing of the machine is touched before something is to be changed.

    `recovered`: a dead process had left something open, which was brought to an end when this one opened.
    """

    state: Path
    kind: Kind
    recovered: bool = False
    _wal: wal.Wal | None = None
    _guardian: Guardian | None = None
    _spare: Spare | None = None
    _records: list[dict[str, Any]] = field(default_factory=list)
    _entries: dict[str, dict[str, tuple[Target, str | None]]] = field(default_factory=dict)
    _rebased: set[str] = field(default_factory=set)

    @property
    def blobs(self) -> Path:
        """Where contents of files are kept."""
        return self.state / recovery.BLOBS

    @property
    def originals(self) -> dict[str, str | None]:
        """What each place that was changed held before, by its key."""
        return {key: place.old for key, place in undo.places(self._records).items()}

    @property
    def guardian_pid(self) -> int | None:
        """The process that restores when this one dies; None while there is nothing to restore."""
        return self._guardian.pid if self._guardian else None

    def guard(self) -> int:
        """Starts the guardian before there is anything to undo; its process. Raises StorageError."""
        try:
            self._begin()
        except OSError as error:
            raise StorageError(f"{self.state} cannot be written: {error.strerror}.") from error
        if self._guardian is None:
            raise AssertionError("a journal is never without its guardian")
        return self._guardian.pid

    def bring(self, wanted: Wanted, services: Services | None = None) -> tuple[Brought, ...]:
        """Makes each place hold its text; one that was changed before and is not `wanted` any more goes back.

        Old values are read and written down, all of them, before the first is changed. What cannot be brought
        whole is taken back whole: WorkloadError. Raises NotRestoredError where that fails too, or where
        somebody else has changed a place meanwhile; StorageError, with nothing changed, where the journal
        cannot be written.
        """
        self._rebase()
        known = {key: one for key, one in undo.places(self._records).items() if not undo.gone(one)}
        try:
            places = planned(wanted, known, self.blobs)
        except OSError as error:
            raise WorkloadError(f"{_where(error)}. Nothing was changed.") from error
        _refuse_foreign(places, known)
        changing = [place for place in places if place.now != place.asked]
        if changing:
            self._write_down(changing, services or {})
            self._change(changing, services or {})
        self._remember(wanted)
        return brought(wanted, places, self.blobs)

    def _remember(self, wanted: Wanted) -> None:
        """The entries of each file: should somebody else write beside them, they go back one by one."""
        for target, asked in wanted:
            if target.entry:
                inside = self._entries.setdefault(whole(target, self.blobs).key, {})
                inside[target.key] = (target, asked)

    def _write_down(self, changing: Sequence[Place], services: Services) -> None:
        """The journal's record, on the disk before anything is changed."""
        heard = {name for place in changing for name in place.services}
        try:
            self._begin()
            self._append(
                {
                    "r": "change",
                    "intents": [intent for place in changing for intent in place.intents()],
                    "actions": {name: dict(services[name]) for name in sorted(heard)},
                },
                sync=True,
            )
        except OSError as error:
            raise StorageError(
                f"{recovery.journal(str(self.state))} cannot be written: {error.strerror}. "
                "Nothing was changed."
            ) from error

    def _begin(self) -> None:
        """Opens the journal before the first change; a guardian that somebody has ended is replaced."""
        if self._guardian and not self._guardian.lives:
            self._guardian.leave()
            self._guardian = None
        self._guardian = self._guardian or Guardian(self.state)
        if self._wal is None:
            begin = {"r": "begin", "v": wal.VERSION, "kind": self.kind, **moment.me()}
            self._spare = self._spare or Spare()
            self._wal = _begun(recovery.journal(str(self.state)), begin)
            self._records.append(begin)

    def _append(self, record: dict[str, Any], *, sync: bool) -> None:
        if self._wal is None:
            raise AssertionError("the journal is opened before anything is written to it")
        self._wal.append(record, sync=sync)
        self._records.append(record)

    def _change(self, changing: Sequence[Place], services: Services) -> None:
        done: list[Place] = []
        try:
            for place in changing:
                done.append(place)
                place.write(place.asked)
            _react(changing, services)
            seen = _seen(changing)
        except (OSError, ValueError) as error:
            self._note(_take_back(done, services, error))
            raise WorkloadError(
                f"{done[-1].target.key} cannot be {_shown(done[-1])}: {_reason(error)}. "
                "What was changed with it is taken back."
            ) from error
        for place in changing:
            place.effective = seen[place.target.key]
        self._note(seen)
        self._fold()

    def _fold(self) -> None:
        """Keeps the journal short: of a long session only where each place began and what it is now."""
        if self._wal is None or self._wal.size < _LONGEST:
            return
        records = folded(self._records)
        with suppress(OSError):  # a full disk: the long one serves as well
            journal = wal.Wal.replacing(self._wal.path, records)
            self._wal.close()
            self._wal, self._records = journal, records

    def _note(self, seen: Mapping[str, str | None]) -> None:
        """Keeps what was read back: what is there later and is none of it is somebody else's."""
        with suppress(OSError):  # a full disk: the undo misses this only where a value was coerced
            self._append({"r": "applied", "seen": seen}, sync=False)

    def lease(self, seconds: float, generations: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Lets the changes stand for so long after this process has left them to the guardian.

        Whoever confirms them meanwhile commits `generations`. Raises StorageError.
        """
        until = moment.now_s() + seconds
        try:
            self._begin()
            self._append({"r": "lease", "until": until, "generations": _plain(generations)}, sync=True)
        except OSError as error:
            raise StorageError(f"{self.state} cannot be written: {error.strerror}.") from error

    def leave(self) -> None:
        """Leaves what is open to the guardian and its lease."""
        with uninterrupted(_nobody):
            if self._wal and self._guardian:
                self._wal.close()
                self._guardian.leave()
                self._wal = self._guardian = None
            self._closed()

    def commit(self, generations: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Lets the changes stay, as the last of `generations`; the others are kept as well.

        Raises StorageError where that cannot be written: then everything is undone when the session closes.
        """
        record = {"r": "commit", "generations": _plain(generations)}
        with uninterrupted(_nobody):
            try:
                self._begin()
                self._append(record, sync=True)
                recovery.finish(str(self.state), record)
            except OSError as error:
                if generation.current(str(self.state)) == generations[-1][0]:
                    return  # only the journal is still there, and closing takes it away
                with suppress(OSError):
                    self._append({"r": "revoked"}, sync=True)
                raise StorageError(f"{self.state} cannot be written: {error.strerror}.") from error
            if self._wal:
                self._wal.close()
            self._closed()

    def close(self, note: Callable[[str], None]) -> None:
        """Undoes what is open, in reverse order; raises NotRestoredError where something is left."""
        with uninterrupted(note):
            if self._spare:
                self._spare.give_back()
            try:
                if self._wal:
                    self._rebase()
                    for key in sorted(self._rebased):
                        note(f"somebody else has changed other parts of {key}: these stay")
                    self._wal.close()
                    self._wal = None
                    recovered(self.state, note, unconfirmed=True, own=self._records)
            finally:
                self._closed()

    def _rebase(self) -> None:
        """Takes what somebody else has written beside autotune's entries for what the file was before."""
        if self._wal is None or not self._entries:
            return
        record = rebased(undo.places(self._records), self._entries, self.blobs)
        if record is not None:
            self._rebased |= set(record["olds"])
            with suppress(OSError):  # a full disk: then it is told as somebody else's
                self._append(record, sync=True)

    def _closed(self) -> None:
        if self._guardian:
            self._guardian.dismiss()
        if self._spare:
            self._spare.give_back()
        self._wal = self._guardian = self._spare = None
        self._records = []


def _begun(path: str, begin: Mapping[str, Any]) -> wal.Wal:
    """A new journal with its first record; raises OSError, and none is there."""
    journal = wal.Wal(path)
    try:
        journal.append(dict(begin), sync=False)
    except OSError:
        journal.close()
        with suppress(OSError):
            wal.remove(path)
        raise
    return journal


def _nobody(_: str) -> None:
    """Hears that a stop has to wait: for so short a time that it is not worth a word."""


def _plain(generations: Sequence[tuple[int, Mapping[str, Any]]]) -> list[list[Any]]:
    return [[number, dict(data)] for number, data in generations]


def _refuse_foreign(places: Sequence[Place], known: Mapping[str, undo.Place]) -> None:
    for place in places:
        mine = known.get(place.target.key)
        if mine and place.now not in mine.ours:
            raise NotRestoredError(
                f"somebody else has changed {place.target.key} meanwhile: it is {place.now!r}. "
                f"It is left alone; before the first change it was {mine.old!r}."
            )


def _seen(places: Sequence[Place]) -> dict[str, str | None]:
    return {key: held for place in places for key, held in place.seen()}


def _react(places: Sequence[Place], services: Services) -> None:
    """Tells the services of what has changed: a restart outweighs reloads."""
    heard: dict[str, str] = {}
    for place in places:
        for name, what in place.services.items():
            heard[name] = "restart" if "restart" in {what, heard.get(name)} else what
    for name, what in heard.items():
        action.perform(services[name], what)


def _take_back(done: Sequence[Place], services: Services, why: Exception) -> dict[str, str | None]:
    """Brings the places to what they held before this change; what that leaves is the undo's at the end."""
    try:
        for place in reversed(done):
            place.take_back()
        _react(done, services)
        return _seen(done)
    except (OSError, ValueError) as error:
        raise NotRestoredError(
            f"a change failed ({_reason(why)}), and taking it back failed too: {_reason(error)}."
        ) from error


def _shown(place: Place) -> str:
    """What was asked, in words; a file's value is none for people."""
    return "changed" if place.target.means == "file" else f"set to {place.asked!r}"


def _where(error: OSError) -> str:
    return f"{error.filename}: {_reason(error)}" if error.filename else _reason(error)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
