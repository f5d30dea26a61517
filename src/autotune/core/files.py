"""Files that are whole or not there: atomic writes, locks, hashes."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autotune.core.errors import BusyError, StorageError, UsageError

_LOOKS_S = 0.02
"""Between two attempts to take a lock that another process holds."""


def write_atomic(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Writes `text` so that a reader, or a crash, sees the old file or the whole new one.

    Raises StorageError, naming the path and the reason, and leaves the old file where it fails.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            Path(temporary or os.devnull + "/none").unlink()
        raise StorageError(
            f"{path} cannot be written: {error.strerror}. Nothing of it was changed."
        ) from error


def write_new(path: Path, text: str) -> None:
    """Writes `text` to a file that is not there yet, with its folder; StorageError where that fails.

    Raises UsageError where something is there: that belongs to somebody.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already, and is not overwritten.") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error


def sync_folder(folder: Path) -> None:
    """Makes the folder's entries (a rename, a new file) survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """The file's SHA-256 as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(path: Path, *, what: str, wait_s: float = 0.0) -> Iterator[None]:
    """Holds an exclusive lock on `path` that dies with the process.

    Raises BusyError, naming `what` and the holder's pid, when another process holds it for longer than
    `wait_s`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise StorageError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        _take(descriptor, what, time.monotonic() + wait_s)
        with suppress(OSError):  # who holds it is told; a full disk is no reason not to lock, and restore
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, what: str, give_up: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            if time.monotonic() < give_up:
                time.sleep(_LOOKS_S)
                continue
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise BusyError(f"{what} is in use by process {holder}. Wait for it to end.") from error
        return
