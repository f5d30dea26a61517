"""The smallest difference that means anything on a machine: what equal configurations differ by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """95 of 100 comparisons of `workload` with itself in `pairs` pairs stay below `value`.

    `relative`: a share (0.02 is a ratio of 1.02), else in the unit of `metric`. `workload` is empty for the
    built-in one; `measured` is an ISO 8601 stamp.
    """

    workload: str
    metric: str
    value: float
    relative: bool
    pairs: int
    measured: str

    def plain(self) -> dict[str, Any]:
        """The floor as JSON holds it."""
        return asdict(self)


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "workload": str,
    "metric": str,
    "value": (int, float),
    "relative": bool,
    "pairs": int,
    "measured": str,
}


def read_floor(plain: object) -> Floor:
    """The floor that `plain` holds; raises ValueError, naming what is wrong, where it is none."""
    found = plain if isinstance(plain, Mapping) else {}
    wrong = [name for name, kind in _KINDS.items() if not isinstance(found.get(name), kind)]
    if wrong:
        raise ValueError(f"'{wrong[0]}' is missing or of a wrong kind")
    if not 0 <= found["value"] < math.inf:
        raise ValueError("'value' is no size")
    return Floor(**{name: found[name] for name in _KINDS})
