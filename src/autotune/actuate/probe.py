"""Whether a place of the machine could be written, found out without writing."""

from __future__ import annotations

import os
from pathlib import Path

from autotune.actuate.now import now
from autotune.core.errors import WorkloadError
from autotune.model.target import Target


def refused(target: Target) -> str:
    """Why the place, or one that changes with it, cannot be written here; empty where nothing says so.

    Of values that programs hold only reading can be tried.
    """
    for one in (target, *target.also):
        try:
            now(one)
        except WorkloadError as error:
            return str(error)
        if why := _why(one):
            return f"{one.key} cannot be written: {why}."
    return ""


def _why(target: Target) -> str:
    path = Path(str(target.address.get("path", "")))
    try:
        if target.means == "kernel":
            os.close(os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
        elif target.means == "file" and not os.access(path.parent, os.W_OK):
            return f"{path.parent} is not writable"
    except OSError as error:
        return str(error.strerror)
    return ""
