"""PLACEHOLDER until the service actions are merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def perform(spec: Mapping[str, Any], what: str) -> None:
    """Tells the service."""
    raise OSError(f"{spec} {what}")


def by_hand(spec: Mapping[str, Any], what: str) -> str:
    """The command."""
    return f"{spec} {what}"
