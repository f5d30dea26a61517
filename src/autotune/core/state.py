"""The folder in which autotune remembers what outlives a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

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
