"""The journal of what is to be undone: one line of JSON per record, each with its checksum.

Records, by `r`: `begin` (who, which boot, what for), `change` (intents with old and new values, written and
synced before anything is changed), `applied` (what was read back), `rebased` (files that go back to
other contents, since somebody else has written beside the entries), `lease`, `commit` (the change is to
stay), `restored` (nothing is left to undo).
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

NAME = "wal"
_BESIDE = ".new"
VERSION = 1
_ROOM = 64 * 1024
"""Bytes kept free on the disk behind the last record: an undo needs none of a disk that is full by then."""
_SECTOR = 512
"""Bytes that a disk writes whole or not at all, at the least."""


class CorruptError(Exception):
    """A record that was written whole cannot be read: nobody knows what it said, so nothing is guessed."""


class Wal:
    """An open journal; a context manager that closes it.

    Raises OSError where it cannot be written; a record is then not there.
    """

    def __init__(self, path: str, *, end: int = 0) -> None:
        self.path = path
        self._end = end
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (0 if end else os.O_CREAT | os.O_EXCL)
        self._file = os.open(path, flags, 0o600)
        try:
            self._room = os.fstat(self._file).st_size
            _whole(self._file, bytes(self._room - end), end)  # half a record that a crash left
            self._reserve(0)
            if not end:
                sync_folder(os.path.dirname(path))  # noqa: PTH120  as in the launcher
        except OSError:
            self.close()
            if not end:
                with suppress(OSError):
                    os.unlink(path)  # noqa: PTH108
            raise

    @classmethod
    def replacing(cls, path: str, records: Sequence[dict[str, Any]]) -> Self:
        """An open journal of `records` alone, in place of the one at `path`, from one moment to the next.

        Raises OSError, and the old one is still there.
        """
        beside = path + _BESIDE
        with suppress(FileNotFoundError):
            os.unlink(beside)  # noqa: PTH108
        made = cls(beside)
        try:
            for number, record in enumerate(records, 1):
                made.append(record, sync=number == len(records))
            os.rename(beside, path)  # noqa: PTH104
        except OSError:
            made.close()
            raise
        made.path = path
        with suppress(OSError):  # both say the same by now
            sync_folder(os.path.dirname(path))  # noqa: PTH120
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, record: dict[str, Any], *, sync: bool) -> None:
        """Adds a record; with `sync` it is on the disk afterwards."""
        line = line_of(record)
        self._reserve(len(line))
        try:
            _whole(self._file, line, self._end)
            if sync:
                os.fdatasync(self._file)
        except OSError:
            with suppress(OSError):
                _whole(self._file, bytes(len(line)), self._end)  # what was not acknowledged never counts
            raise
        self._end += len(line)

    def _reserve(self, size: int) -> None:
        """Keeps room free behind the next `size` bytes: written once, so that a record syncs nothing else."""
        if self._end + size + _ROOM <= self._room:
            return
        room = self._end + size + 2 * _ROOM
        os.posix_fallocate(self._file, self._end, room - self._end)
        start = max(self._room, self._end)
        _whole(self._file, bytes(room - start), start)
        os.fsync(self._file)
        self._room = room

    @property
    def size(self) -> int:
        """Bytes of its records."""
        return self._end

    def close(self) -> None:
        """Closes the file; the journal stays."""
        os.close(self._file)


def _whole(file: int, line: bytes, at: int) -> None:
    while line:
        done = os.pwrite(file, line, at)
        line, at = line[done:], at + done


def line_of(record: dict[str, Any]) -> bytes:
    """The record's line in the file."""
    text = json.dumps(record, separators=(",", ":"), allow_nan=False).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read(path: str) -> tuple[list[dict[str, Any]], int]:
    """The records, and where the last of them ends; no records where there is no file.

    What a crash left half written at the end does not count. Raises CorruptError where a record that cannot
    be read was written whole, or stands before one that can; OSError as the disk does.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            content = file.read()
    except FileNotFoundError:
        return [], 0
    records, end = [], 0
    lines = content.split(b"\n")
    for number, line in enumerate(lines[:-1]):
        record = _record(line)
        if record is None:
            if not _torn(content, end) or any(_record(later) for later in lines[number + 1 :]):
                raise CorruptError(f"{path}: line {number + 1} is damaged")
            break
        records.append(record)
        end += len(line) + 1
    if _record(content[end:].rstrip(b"\0")[:-1]):
        raise CorruptError(f"{path}: the end of line {len(records) + 1} is damaged")
    return records, end


def _torn(content: bytes, start: int) -> bool:
    """Whether a power cut explains the unreadable lines from `start` on: it left out a sector of them."""
    stop = content.rfind(b"\n") + 1
    return any(
        not content[max(start, sector) : min(stop, sector + _SECTOR)].strip(b"\0")
        for sector in range(start - start % _SECTOR, stop, _SECTOR)
    )


def _record(line: bytes) -> dict[str, Any] | None:
    text = line[9:]
    if not text or line[:9] != b"%08x " % zlib.crc32(text):
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def remove(path: str) -> None:
    """Takes the file away for good, and half a new one beside it."""
    for each in (path, path + _BESIDE):
        with suppress(FileNotFoundError):
            os.unlink(each)  # noqa: PTH108
    sync_folder(os.path.dirname(path))  # noqa: PTH120


def sync_folder(folder: str) -> None:
    """Makes the folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
