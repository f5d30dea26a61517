"""A sampler's own options, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean

Default: TypeAlias = int | float | tuple[str, ...]
"""An option's default says what it is: a whole number of at least 1, a number above 0, one of these names."""

_LARGEST = 1_000_000
"""Of an option that is a whole number: more would be memory for nothing."""


def chosen(sampler: str, options: Mapping[str, Any], defaults: Mapping[str, Default]) -> dict[str, Any]:
    """`defaults` with what `options` says instead; of names, the first is the default.

    Raises UsageError for an option that `defaults` does not name, or a value of another kind.
    """
    found: dict[str, Any] = {k: v[0] if isinstance(v, tuple) else v for k, v in defaults.items()}
    for name, value in options.items():
        if name not in defaults:
            known = ", ".join(defaults) or "none"
            hint = did_you_mean(name, defaults)
            raise UsageError(f"sampler '{sampler}' has no option '{name}'. Its options: {known}.{hint}")
        if wanted := _unlike(defaults[name], value):
            default = defaults[name]
            hint = did_you_mean(str(value), default) if isinstance(default, tuple) else ""
            raise UsageError(f"sampler '{sampler}': option '{name}' is {wanted}, found {value!r}.{hint}")
        found[name] = value
    return found


def _unlike(default: Default, value: Any) -> str:
    """What is wanted instead of `value`; empty where it is one."""
    if isinstance(default, tuple):
        return "" if value in default else f"one of {', '.join(default)}"
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(default, int):
        if not (number and isinstance(value, int) and value >= 1):
            return "a whole number of at least 1"
        return "" if value <= _LARGEST else f"a whole number of at most {_LARGEST:,}"
    return "" if number and math.isfinite(value) and value > 0 else "a number above 0"
