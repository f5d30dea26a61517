"""Numbered states of this machine's values, kept for good: what a profile made of them, and what was before.

Each is a file `gen-N.json` with a checksum, never written again. `current` is a symbolic link to the one in
force.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from contextlib import suppress
from typing import Any

from autotune.sidecar.wal import CorruptError, sync_folder

CURRENT = "current"
_NAME = re.compile(r"gen-(\d+)\.json")


def numbers(state: str) -> list[int]:
    """The numbers of all generations, in order."""
    with suppress(FileNotFoundError):
        return sorted(int(m.group(1)) for name in os.listdir(state) if (m := _NAME.fullmatch(name)))  # noqa: PTH208
    return []


def current(state: str) -> int | None:
    """The number of the generation in force; None where no profile was ever applied."""
    with suppress(FileNotFoundError):
        if match := _NAME.fullmatch(os.readlink(os.path.join(state, CURRENT))):  # noqa: PTH115,PTH118
            return int(match.group(1))
    return None


def read(state: str, number: int) -> dict[str, Any]:
    """What generation `number` holds; raises CorruptError where its checksum does not fit, OSError."""
    path = _path(state, number)
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  as in the launcher
        checksum, _, text = file.read().rstrip("\n").partition(" ")
    if checksum != f"{zlib.crc32(text.encode()):08x}":
        raise CorruptError(f"{path} is damaged: its checksum does not fit its content")
    found: dict[str, Any] = json.loads(text)
    return found


def write(state: str, number: int, data: dict[str, Any]) -> None:
    """Keeps `data` as generation `number`; one that is there already is left as it is.

    Raises OSError where it cannot be written.
    """
    path = _path(state, number)
    if os.path.exists(path):  # noqa: PTH110
        return
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    beside = os.path.join(state, ".gen")  # noqa: PTH118
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        rest = f"{zlib.crc32(text.encode()):08x} {text}\n".encode()
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)
    os.rename(beside, path)  # noqa: PTH104
    sync_folder(state)


def switch(state: str, number: int) -> None:
    """Makes generation `number` the one in force."""
    beside = os.path.join(state, ".current")  # noqa: PTH118
    with suppress(FileNotFoundError):
        os.unlink(beside)  # noqa: PTH108
    os.symlink(os.path.basename(_path(state, number)), beside)  # noqa: PTH119,PTH211
    os.rename(beside, os.path.join(state, CURRENT))  # noqa: PTH104,PTH118
    sync_folder(state)


def _path(state: str, number: int) -> str:
    return os.path.join(state, f"gen-{number}.json")  # noqa: PTH118
