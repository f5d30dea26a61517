"""Finds an extension by name in its entry-point group and loads it only then."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean


def names(group: str) -> tuple[str, ...]:
    """Names registered in `autotune.<group>`, sorted."""
    return tuple(sorted(entry_points(group=f"autotune.{group}").names))


def load(group: str, name: str) -> Any:
    """The object registered as `name` in `autotune.<group>`.

    Raises UsageError where there is none, with the known names, and where it cannot be loaded.
    """
    found = entry_points(group=f"autotune.{group}", name=name)
    if not found:
        raise UsageError(unknown(group, name))
    point = next(iter(found))
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{group[:-1]} '{name}' ({point.value}) cannot be loaded: {error}") from error


def unknown(group: str, name: str) -> str:
    """The message for a name that nobody registered in `autotune.<group>`."""
    known = names(group)
    return f"{group[:-1]} '{name}' is not installed. Known: {', '.join(known)}.{did_you_mean(name, known)}"
