"""Attributes of a control group in the words of version 2, whichever version the group has.

Address: `group` is its folder, `attribute` its name in version 2, `version` 1 or 2, `device` the
MAJOR:MINOR of io.max. A value of version 1 that version 2 has no word for is written as `cpu.shares=1000`,
so that what was there before comes back to the last bit.
"""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Mapping
from typing import Any

from autotune.sidecar import translation
from autotune.sidecar.means import kernel

_USE = {"memory.max": {1: "memory.usage_in_bytes", 2: "memory.current"}}
"""A limit below what is in use ends processes of the group; where the use is told, by version."""

_LARGEST = 1 << 16


def read(address: Mapping[str, Any]) -> str | None:
    """The value in the words of version 2, None where the group is gone; raises OSError."""
    try:
        texts = {file: _text(address, file) for file in _files(address)}
    except FileNotFoundError:
        if os.path.isdir(address["group"]):  # noqa: PTH112  pathlib would add to the guardian's memory
            raise
        return None
    return translation.read(address, texts)


def write(address: Mapping[str, Any], value: str | None) -> None:
    """Writes the files that change, each by one system call, and those before back where one is refused.

    Raises OSError where the kernel refuses the value, and EBUSY for a limit of memory below the present use:
    steps down to it would only bring the end of a process nearer.
    """
    if value is None:
        raise OSError(errno.ENOENT, "the attribute was not there before, and cannot be taken away")
    _refuse_below_use(address, value)
    done: list[tuple[str, str]] = []
    try:
        for file, before, text in _changes(address, value):
            _put(address, file, text)
            done.append((file, before))
    except OSError:
        for file, before in reversed(done):
            _put(address, file, before)
        raise


def identity(address: Mapping[str, Any]) -> str:
    """Device and inode of the group's folder: one that was removed and made again is another one."""
    status = os.stat(address["group"])  # noqa: PTH116  as above
    return f"{status.st_dev}:{status.st_ino}"


def by_hand(address: Mapping[str, Any], value: str | None) -> str:
    """A printf for each file."""
    written = translation.written(address, value or "")
    return " && ".join(
        f"printf '%s\\n' {shlex.quote(text)} > {shlex.quote(_path(address, file))}" for file, text in written
    )


def _files(address: Mapping[str, Any]) -> tuple[str, ...]:
    return translation.files(address["attribute"], int(address["version"]))


def _changes(address: Mapping[str, Any], value: str) -> list[tuple[str, str, str]]:
    """Each file that changes, its text before and after, in an order that never asks for more than either."""
    written = translation.written(address, value)
    changes = [(file, before, text) for file, text in written if (before := _text(address, file)) != text]
    if address["attribute"] == "cpu.max" and len(changes) > 1 and int(changes[0][2]) < int(changes[0][1]):
        # A shorter period after the quota, a longer one before it: the share of the CPU in between is small.
        changes.reverse()
    return changes


def _refuse_below_use(address: Mapping[str, Any], value: str) -> None:
    use = _USE.get(address["attribute"], {}).get(int(address["version"]))
    if use is None or not value.isdigit():
        return
    present = int(_text(address, use))
    if int(value) < present:
        message = f"{value} bytes are less than the {present} that the group uses now"
        raise OSError(errno.EBUSY, message)


def _text(address: Mapping[str, Any], file: str) -> str:
    descriptor = os.open(_path(address, file), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        text = os.read(descriptor, _LARGEST).decode(errors="replace").strip()
    finally:
        os.close(descriptor)
    return translation.present(address, text)


def _put(address: Mapping[str, Any], file: str, text: str) -> None:
    kernel.write({"path": _path(address, file)}, text)


def _path(address: Mapping[str, Any], file: str) -> str:
    return f"{address['group']}/{file}"
