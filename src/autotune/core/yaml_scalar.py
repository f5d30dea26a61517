"""What a plain scalar means in the core schema of YAML 1.2."""

from __future__ import annotations

import math
import re

from autotune.core.redact import printable

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

_MOST_DIGITS = 19  # of a 64-bit integer
_LONGEST_QUOTE = 60


def resolved(text: str) -> bool | int | float | str | None:
    """The value of an unquoted scalar: `no`, `1:30` and `2026-01-02` are text, `010` is ten, `1e3` a float.

    Raises ValueError for numbers that are not finite or do not fit in 64 bit (signed).
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return _integer(text)
    if _NOT_FINITE.fullmatch(text) or (_FLOAT.fullmatch(text) and not math.isfinite(float(text))):
        raise ValueError(f"'{quoted(text)}' is not a finite number")
    return float(text) if _FLOAT.fullmatch(text) else text


def _integer(text: str) -> int:
    number = 2**64
    if text[:2] in {"0x", "0o"}:
        number = int(text, 0)
    elif len(text.lstrip("+-0")) <= _MOST_DIGITS:
        number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"'{quoted(text)}' does not fit in 64 bit")
    return number


def quoted(text: str) -> str:
    """`text` as a message can show it: one line, printable, not longer than 60 characters."""
    text = printable(text).replace("\n", " ")
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "..."
