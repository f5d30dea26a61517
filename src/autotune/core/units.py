"""Quantities with units: durations in seconds, sizes in bytes, shares of one."""

from __future__ import annotations

import re

_DURATIONS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "min": 60.0,
    "h": 3600.0,
    "d": 86400.0,
}
_BYTES = {"B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
_BYTES |= {"KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30, "TiB": 2.0**40}
_SHARES = {"%": 0.01}
_FAMILIES = (_DURATIONS, _BYTES, _SHARES)

_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-zµ%/]*)\s*")


class UnitError(ValueError):
    """Text that is not the quantity asked for."""


def duration_s(text: str) -> float:
    """Seconds in a duration such as `20s`, `1.5m` or `250ms`; a unit is required."""
    return _in_family(text, _DURATIONS, "a duration such as 30s, 5m or 250ms")


def rate_per_s(text: str) -> float:
    """Events per second in a rate such as `500/s` or `30/m`; a unit of time is required."""
    number, per, unit = text.partition("/")
    if not per or unit.strip() not in _DURATIONS:
        raise UnitError(f"'{text}' is not a rate such as 500/s")
    return convert(number, "") / _DURATIONS[unit.strip()]


def size_bytes(text: str) -> float:
    """Bytes in a size such as `64MiB` or `10kB`; a unit is required."""
    return _in_family(text, _BYTES, "a size such as 64MiB")


def share(text: str) -> float:
    """A percentage as a share of one: `2%` is 0.02; the sign `%` is required."""
    return _in_family(text, _SHARES, "a percentage such as 2%")


def convert(text: str, unit: str) -> float:
    """The number in `text` in `unit`: "870us" in ms is 0.87; without a unit the number as it stands.

    Raises UnitError where `text` is no number (`1,5` is none), the unit is unknown, or units do not match.
    """
    number, found = _split(text)
    if not found:
        return number
    try:
        return number * factor(found, unit)
    except UnitError:
        raise UnitError(f"'{text.strip()}' cannot be read in {unit or 'a plain number'}") from None


def factor(found: str, wanted: str) -> float:
    """What turns a number in the unit `found` into one in `wanted`: 1e-3 from us to ms, 60 from 1/s to 1/min.

    Of rates that count something the unit may name what it is (`requests/s`). Raises UnitError where one
    is unknown, or they do not match.
    """
    if found == wanted:
        return 1.0
    (what, per), (wanted_what, wanted_per) = _rate(found), _rate(wanted)
    if per and wanted_per:
        counted = what in {"", "1", wanted_what} and not any(wanted_what in family for family in _FAMILIES)
        count = 1.0 if counted else _scale(what, wanted_what)
        return count * (_DURATIONS[wanted_per] / _DURATIONS[per])
    return _scale(found, wanted)


def _rate(unit: str) -> tuple[str, str]:
    """What is counted and per which unit of time; the latter is empty where `unit` is no rate."""
    what, _, per = unit.rpartition("/")
    return (what, per) if per in _DURATIONS and "/" in unit else (unit, "")


def _scale(found: str, wanted: str) -> float:
    for family in _FAMILIES:
        if found in family and wanted in family:
            return family[found] / family[wanted]
    raise UnitError(f"'{found}' cannot be converted to '{wanted}'")


def rate_period_s(unit: str) -> float | None:
    """The seconds that a rate in `unit` is counted per, 60 for requests/min; None where it is no rate."""
    return _DURATIONS.get(_rate(unit)[1])


def is_duration(unit: str) -> bool:
    """Whether `unit` is one of time, such as ms."""
    return unit in _DURATIONS


_INFINITE = ("inf", "infinity")


def _split(text: str) -> tuple[float, str]:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        what = "finite" if text.strip().lower().lstrip("+-") in _INFINITE else "a number"
        raise UnitError(f"'{text.strip()[:80]}' is not {what}")
    return float(match[1]), match[2]


def _in_family(text: str, family: dict[str, float], wanted: str) -> float:
    number, unit = _split(text)
    if unit not in family:
        raise UnitError(f"'{text}' is not {wanted}")
    return number * family[unit]


def show_seconds(seconds: float) -> str:
    """Seconds as people say them: 0.0 s, 4.2 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 120:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def show_bytes(count: float) -> str:
    """Bytes as people say them: 512 B, 4.2 KiB, 18 MiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(count) < 1024:
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:.3g} TiB"
