"""How a parameter's value is written on the machine, and how what is there is read.

Every actuator of the machine takes two options for it: `value`, such as "{value}MB", and `bool`, such as
"on/off".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from autotune.core.template import as_text
from autotune.model.space import Apply, Value

_PLACE = "{value}"
_SIZE = re.compile(r"(\d+)([a-z]+)", re.ASCII | re.IGNORECASE)


def to_text(apply: Apply, value: Value, *, bools: tuple[str, str]) -> str | None:
    """`value` as text; `bools` are what true and false are called where option `bool` says nothing."""
    if value is None:
        return None
    text = _bools(apply, bools)[0 if value else 1] if isinstance(value, bool) else as_text(value)
    return apply.options.get("value", _PLACE).replace(_PLACE, text)


def from_text(apply: Apply, text: str | None, like: Value, *, bools: tuple[str, str]) -> Value:
    """What `text` means, in the type of `like` (None: any); itself where it cannot be read so."""
    if text is None:
        return None
    before, _, after = apply.options.get("value", _PLACE).partition(_PLACE)
    inner = text
    if text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after):
        inner = text[len(before) : len(text) - len(after)]
    if isinstance(like, bool):
        return dict(zip(_bools(apply, bools), (True, False), strict=True)).get(inner, inner)
    if isinstance(like, str):
        return inner
    return _number(inner, whole=isinstance(like, int))


def in_bytes(text: str | None, units: Mapping[str, int]) -> str | None:
    """A whole number with one of the `units` (small letters) in bytes; any other text as it is."""
    found = _SIZE.fullmatch(text or "")
    unit = units.get(found[2].lower()) if found else None
    return str(int(found[1]) * unit) if found and unit else text


def in_unit(apply: Apply, text: str | None, units: Mapping[str, int]) -> str | None:
    """Bytes in the unit of option `value`, where it has one and they are whole ones of it."""
    after = apply.options.get("value", _PLACE).partition(_PLACE)[2]
    unit = units.get(after.lower())
    if unit and text and text.isdecimal() and int(text) % unit == 0:
        return f"{int(text) // unit}{after}"
    return text


def _bools(apply: Apply, bools: tuple[str, str]) -> tuple[str, str]:
    true, _, false = apply.options.get("bool", "/".join(bools)).partition("/")
    return true, false


def _number(text: str, *, whole: bool) -> Value:
    for kind in (int,) if whole else (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
