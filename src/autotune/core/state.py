"""The folder in which autotune remembers what outlives a study."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from autotune.core.errors import RefusedError, StorageError

VARIABLE = "AUTOTUNE_STATE"
"""Names another folder: for tests, and where the usual one cannot be used."""

_OF_ROOT = Path("/var/lib/autotune")


def state_folder(environment: Mapping[str, str], *, root: bool) -> Path:
    """Where the state of this user is; as `root` that of the machine. It need not exist.

    A relative XDG_STATE_HOME is left aside, as the XDG Base Directory Specification asks for.
    """
    if named := environment.get(VARIABLE):
        return Path(named)
    if root:
        return _OF_ROOT
    home = Path(environment.get("XDG_STATE_HOME", ""))
    return (home if home.is_absolute() else Path.home() / ".local" / "state") / "autotune"


def claim(folder: Path) -> None:
    """Makes `folder`, for its owner alone, where it is not there.

    What it holds decides what is written to the machine: raises RefusedError where somebody else could write
    to it, StorageError where it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}.") from error
    if not stat.S_ISDIR(status.st_mode):
        raise RefusedError(f"{folder} is a symbolic link: the state is kept in a folder itself.")
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise RefusedError(
            f"{folder} is not this user's alone (owner {status.st_uid}, mode "
            f"{stat.S_IMODE(status.st_mode):04o}): others could say what is to be written to this machine. "
            "Give it to its user and set mode 0700."
        )
