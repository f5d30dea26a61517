"""Turns entries of files into whole files, as the journal keeps them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autotune.actuate.edit import editor
from autotune.core.errors import StorageError, WorkloadError
from autotune.model.target import Target
from autotune.sidecar.means import file

_NEW_FILE = "0644"
"""Mode of a file that was not there."""


def whole(target: Target, blobs: Path) -> Target:
    """The file that the entry is in, as a target of its own."""
    return replace(
        target,
        key=f"file {target.address['path']}",
        address={**target.address, "blobs": str(blobs)},
        entry="",
        format="",
    )


def text_of(value: str | None, blobs: Path) -> str:
    """The text of the file whose value this is; raises WorkloadError where it is no UTF-8."""
    if value is None:
        return ""
    data = (blobs / value.split()[0]).read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise WorkloadError("the file is not UTF-8, so its entries cannot be told.") from error


def keep(target: Target, blobs: Path) -> str | None:
    """The value of the whole file `target` as it is, its content stored in `blobs`.

    Raises OSError where it cannot be read, StorageError where it cannot be stored.
    """
    value = file.read(target.address)
    if value is not None:
        data = Path(str(target.address["path"])).read_bytes()
        if hashlib.sha256(data).hexdigest() != value.split()[0]:
            raise OSError(f"{target.key} changes while it is read")
        _store(blobs, data)
    return value


def _store(blobs: Path, data: bytes) -> None:
    try:
        file.keep(str(blobs), data)
    except OSError as error:
        raise StorageError(f"{blobs} cannot be written: {error.strerror}. Nothing was changed.") from error


def edited(value: str | None, entries: Sequence[tuple[Target, str | None]], blobs: Path) -> str | None:
    """`value` with the `entries` put, its content stored in `blobs`.

    A file that does not exist, and gets no entry, stays so. Raises WorkloadError where a file has not the
    format that an entry says, StorageError where nothing can be stored.
    """
    text = before = text_of(value, blobs)
    for target, asked in entries:
        try:
            text = editor(target.format).put(text, target.entry, asked)
        except ValueError as error:
            raise WorkloadError(f"{target.key}: {error}.") from error
    if text == before:
        return value
    data = text.encode()
    _store(blobs, data)
    digest = hashlib.sha256(data).hexdigest()
    if value is None:
        return f"{digest} {_NEW_FILE} {os.geteuid()} {os.getegid()}"
    return " ".join((digest, *value.split()[1:]))


def entry(target: Target, value: str | None, blobs: Path) -> str | None:
    """What the file of `value` says at the target's entry; raises WorkloadError as `edited` does."""
    try:
        found: str | None = editor(target.format).get(text_of(value, blobs), target.entry)
    except ValueError as error:
        raise WorkloadError(f"{target.key}: {error}.") from error
    return found
