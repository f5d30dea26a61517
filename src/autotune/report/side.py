"""One quantity in both arms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One quantity in both arms: `baseline` and `tuned` hold one value per good sample, as measured."""

    name: str
    unit: str
    baseline: tuple[float, ...]
    tuned: tuple[float, ...]
    source: str
    quality: str
