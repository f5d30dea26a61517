"""Editors."""

from __future__ import annotations

from typing import Any


def editor(name: str) -> Any:
    """The editor of the format `name`."""
    raise NotImplementedError(name)
