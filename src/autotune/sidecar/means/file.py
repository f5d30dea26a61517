"""Regular files as wholes, replaced atomically.

Address: `path` (no component of it a symbolic link) and `blobs`, the folder that holds every content that was
ever there, named by its SHA-256. A value is "SHA256 MODE UID GID"; None is a file that does not exist.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shlex
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

ASIDE = "aside"
"""The folder in `blobs` of what was overwritten by force: it is never removed."""

LARGEST = 1 << 20
"""Bytes of a file; a larger one is no file of settings."""


def read(address: Mapping[str, Any]) -> str | None:
    """What is there now, as a value; raises OSError where it cannot be read or is no regular file."""
    with _parent(address["path"]) as (folder, name):
        try:
            return of(content(folder, name), os.stat(name, dir_fd=folder, follow_symlinks=False))
        except FileNotFoundError:
            return None


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Puts the content of `value` there, with mode and owner; an existing file's attributes are kept.

    A reader, or a crash, sees the old file or the whole new one. Raises OSError, and the old file stays.
    """
    with _parent(address["path"]) as (folder, name):
        if value is None:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
        else:
            _replace(folder, name, address["blobs"], value)
        os.fsync(folder)


def identity(address: Mapping[str, Any]) -> str:
    """Empty: a file is known by its name."""
    del address
    return ""


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """The shell command that brings this content back, with its mode and owner."""
    path = shlex.quote(address["path"])
    if value is None:
        return f"rm -f {path}"
    digest, mode, uid, gid = value.split()
    blob = shlex.quote(os.path.join(address["blobs"], digest))  # noqa: PTH118  as in the launcher
    return f"install -m {mode} -o {uid} -g {gid} {blob} {path}"


def of(data: bytes, status: os.stat_result) -> str:
    """The value that stands for this content with the mode and owner in `status`."""
    digest = hashlib.sha256(data).hexdigest()
    return f"{digest} {stat.S_IMODE(status.st_mode):04o} {status.st_uid} {status.st_gid}"


def content(folder: int, name: str) -> bytes:
    """What the file `name` in the open `folder` holds.

    Raises OSError where it is a symbolic link, no regular file, or larger than LARGEST.
    """
    file = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "this is no regular file")
        data = b""
        while part := os.read(file, LARGEST + 1 - len(data)):
            data += part
        if len(data) > LARGEST:
            raise OSError(errno.EFBIG, f"the file is larger than {LARGEST >> 20} MiB")
        return data
    finally:
        os.close(file)


def aside(address: Mapping[str, Any]) -> str:
    """Keeps a copy of the file as it is now; its path."""
    kept = os.path.join(address["blobs"], ASIDE)  # noqa: PTH118  as in the launcher
    with _parent(address["path"]) as (folder, name):
        return os.path.join(kept, keep(kept, content(folder, name)))  # noqa: PTH118


def tidy(address: Mapping[str, Any]) -> None:
    """Takes away what a crash in the middle of `write` left beside the file."""
    with suppress(FileNotFoundError, NotADirectoryError), _parent(address["path"]) as (folder, name):
        os.unlink(_beside(name), dir_fd=folder)


def keep(blobs: str, data: bytes) -> str:
    """Stores `data` in the folder `blobs` under its SHA-256, its name; on the disk when this returns."""
    os.makedirs(blobs, mode=0o700, exist_ok=True)  # noqa: PTH103  as in the launcher
    name = hashlib.sha256(data).hexdigest()
    with _opened(blobs, 0) as folder:
        with suppress(FileNotFoundError):
            if content(folder, name) == data:
                return name
            os.unlink(name, dir_fd=folder)  # half written when a crash came
        os.close(_made(folder, name, data))
        os.fsync(folder)
    return name


def _replace(folder: int, name: str, blobs: str, value: str) -> None:
    digest, mode, uid, gid = value.split()
    with _opened(blobs, 0) as stored:
        data = content(stored, digest)
    beside = _beside(name)
    with suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=folder)
    file = _made(folder, beside, data)
    try:
        status = os.fstat(file)
        if (status.st_uid, status.st_gid) != (int(uid), int(gid)):
            os.fchown(file, int(uid), int(gid))
        os.fchmod(file, int(mode, 8))
        _copy_attributes(folder, name, file)
        os.fsync(file)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise
    finally:
        os.close(file)


def _beside(name: str) -> str:
    return f".{name}.autotune"


def _made(folder: int, name: str, data: bytes) -> int:
    """A new file with `data`, synced and open; nothing is left of it where that fails."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    except OSError:
        os.close(file)
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)
        raise
    return file


def _copy_attributes(folder: int, name: str, file: int) -> None:
    """Gives the open `file` the extended attributes of the one that it replaces, as far as may be."""
    with suppress(OSError):
        source = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        try:
            for attribute in os.listxattr(source):
                os.setxattr(file, attribute, os.getxattr(source, attribute))
        finally:
            os.close(source)


@contextmanager
def _parent(path: str) -> Iterator[tuple[int, str]]:
    """The folder of `path`, opened step by step so that no link leads elsewhere, and the name in it."""
    folder, name = os.path.split(path)
    with _opened(folder, os.O_NOFOLLOW) as descriptor:
        yield descriptor, name


@contextmanager
def _opened(folder: str, follow: int) -> Iterator[int]:
    flags = os.O_DIRECTORY | os.O_CLOEXEC
    parts = folder.strip("/").split("/") if follow and folder != "/" else []
    descriptor = os.open("/" if follow else folder, flags | os.O_RDONLY)
    try:
        for number, part in enumerate(parts, 1):
            # A folder on the way has to be passed through, and need not be readable.
            way = os.O_RDONLY if number == len(parts) else os.O_PATH
            inside = os.open(part, flags | follow | way, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inside
        yield descriptor
    finally:
        os.close(descriptor)
