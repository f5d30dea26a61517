"""What places hold at this moment, without changing or storing anything."""

from __future__ import annotations

import os
from pathlib import Path

from autotune.actuate.edit import editor
from autotune.actuate.place import read
from autotune.core.errors import WorkloadError
from autotune.model.target import Target
from autotune.sidecar.means.file import LARGEST


def now(target: Target) -> str | None:
    """The text that the place holds, of an entry that of its file; None where there is none.

    Raises WorkloadError, naming the place, where it cannot be read here.
    """
    try:
        return _entry(target) if target.entry else read(target)
    except OSError as error:
        raise WorkloadError(f"{target.key} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise WorkloadError(f"{target.key}: {error}.") from error


def file_text(target: Target) -> str:
    """The text of the file that the entry is in; empty where there is no file. Raises OSError, ValueError."""
    path = Path(str(target.address["path"]))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LARGEST + 1).decode()


def _entry(target: Target) -> str | None:
    found: str | None = editor(target.format).get(file_text(target), target.entry)
    return found
