"""Whether a text lies within a limit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from autotune.core.units import show_bytes
from autotune.model.space import Value
from autotune.profile.limits.limit import Limit

_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,9})?)([A-Za-z]{0,4})")
_CPUS = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*")
_MIB = 1 << 20

Facts = Mapping[str, Value]
"""Facts of a machine: `memory_mib`, `cpus`, with `host.` before them or without."""


def fact(facts: Facts, name: str) -> int | None:
    """The whole number that is known as `name`; None where it is not."""
    found = facts.get(name, facts.get(f"host.{name}"))
    return int(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def outside(limit: Limit, text: str, facts: Facts) -> str:
    """Why `text` is not within `limit` on a machine of these facts, to end a sentence; else empty."""
    if limit.pattern and re.fullmatch(limit.pattern, text, re.ASCII):
        return ""
    if limit.cpus:
        return _outside_cpus(text, facts)
    parts = text.split()
    if not 1 <= len(parts) <= limit.count:
        return f"is not {_count(limit)}"
    values: list[float] = []
    for part in parts:
        if part.casefold() in limit.words:
            continue
        found = _number(limit, part)
        why = f"is no plain number{_or_words(limit)}" if found is None else _beyond(limit, found, facts)
        if why:
            return why
        values.append(found or 0)
    return "does not rise" if limit.ordered and values != sorted(values) else ""


def shown_range(limit: Limit, facts: Facts) -> str:
    """The range for people: `0 to 200`, `1 MiB to 12 GiB`, `on or off`."""
    if limit.cpus:
        return "CPUs of this machine, such as 0-1"
    pieces = [f"{_shown(limit, limit.low)} to {_most(limit, facts)}"] if limit.low < math.inf else []
    return " or ".join([*pieces, *limit.words, *([limit.form] if limit.form else [])])


def _outside_cpus(text: str, facts: Facts) -> str:
    if not _CPUS.fullmatch(text):
        return "is no list of CPUs such as 0-1,3"
    cpus = fact(facts, "cpus")
    if cpus is None:
        return "cannot be judged: how many CPUs this machine has is not known"
    return "" if max(map(int, re.findall(r"[0-9]+", text))) < cpus else f"names a CPU beyond the {cpus} here"


def _number(limit: Limit, part: str) -> float | None:
    """In bytes, seconds or as it stands; None for hexadecimal, octal, unknown units."""
    match = _NUMBER.fullmatch(part)
    if match is None:
        return None
    unit = match[2].casefold()
    if not unit:
        return float(match[1]) * limit.unit
    return float(match[1]) * limit.units[unit] if unit in limit.units else None


def _beyond(limit: Limit, value: float, facts: Facts) -> str:
    if limit.memory is not None and fact(facts, "memory_mib") is None:
        return "cannot be judged: how much memory this machine has is not known"
    return "" if limit.low <= value <= _highest(limit, facts) else "is out of range"


def _highest(limit: Limit, facts: Facts) -> float:
    memory = fact(facts, "memory_mib")
    if limit.memory is None or memory is None:
        return limit.high
    return min(limit.high, limit.memory * memory * _MIB)


def _most(limit: Limit, facts: Facts) -> str:
    highest = _shown(limit, _highest(limit, facts))
    if limit.memory is None:
        return highest
    share = f"{100 * limit.memory:.3g} % of the memory"
    if fact(facts, "memory_mib") is None:
        return share if limit.high == math.inf else f"{highest}, at most {share}"
    return f"{highest} ({share})"


def _shown(limit: Limit, value: float) -> str:
    """In the key's own unit where it has one, and as bytes where it is a size."""
    if value == math.inf:
        return "any"
    own = f"{value / limit.unit:.15g}"
    is_size = limit.memory is not None or limit.unit > 1
    return f"{own} [{show_bytes(value)}]" if is_size and value >= 1024 else own


def _count(limit: Limit) -> str:
    return "one word" if limit.count == 1 else f"one to {limit.count} words"


def _or_words(limit: Limit) -> str:
    return f" and none of {', '.join(limit.words)}" if limit.words else ""
