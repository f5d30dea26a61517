"""What is safe for one key."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

_KIB, _MIB, _GIB, _TIB = (float(1 << shift) for shift in (10, 20, 30, 40))

POSTGRES_UNITS: Mapping[str, float] = {
    "b": 1,
    "kb": _KIB,
    "mb": _MIB,
    "gb": _GIB,
    "tb": _TIB,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "min": 60,
    "h": 3600,
    "d": 86400,
}
REDIS_UNITS: Mapping[str, float] = {"b": 1, "k": 1e3, "m": 1e6, "g": 1e9, "kb": _KIB, "mb": _MIB, "gb": _GIB}
NGINX_SIZES: Mapping[str, float] = {"k": _KIB, "m": _MIB, "g": _GIB}
NGINX_TIMES: Mapping[str, float] = {"ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
BINARY_UNITS: Mapping[str, float] = {"k": _KIB, "m": _MIB, "g": _GIB, "t": _TIB}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Numbers from `low` to `high` or one of `words`; up to `count` of them, rising where they are `ordered`.

    A number without a unit counts as `unit` (bytes, seconds); `units` are those that the system knows, in
    small letters. `memory` is the share of the machine's memory that a number may be at most. `pattern` is
    what the whole text may match instead, and `form` how that is told; `cpus` says that it is a list of CPUs
    of the machine.
    """

    low: float = 0
    high: float = math.inf
    words: tuple[str, ...] = ()
    unit: float = 1
    units: Mapping[str, float] = field(default_factory=dict)
    memory: float | None = None
    count: int = 1
    ordered: bool = False
    pattern: str = ""
    form: str = ""
    cpus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One system's keys: `allowed` by pattern with their limits, `never` by pattern with the reason.

    Patterns are in small letters with `*` and `?`, as in a shell; the first that matches counts. Where
    `closed`, a key of neither kind is never set, whatever is said.
    """

    allowed: Mapping[str, Limit]
    never: Mapping[str, str]
    closed: str = ""


def numbers(*ranges: tuple[str, float, float]) -> dict[str, Limit]:
    """Limits of plain numbers: key, least, most."""
    return {key: Limit(low=low, high=high) for key, low, high in ranges}


def words(*choices: tuple[str, str]) -> dict[str, Limit]:
    """Limits of words: key, and the words with a space between."""
    return {key: Limit(low=math.inf, words=tuple(text.split())) for key, text in choices}


def never(reason: str, keys: str) -> dict[str, str]:
    """Keys, with spaces between, that share the reason for which they are never set."""
    return dict.fromkeys(keys.split(), reason)
