"""A sampler's own options, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean


def whole_numbers(sampler: str, options: Mapping[str, Any], defaults: Mapping[str, int]) -> dict[str, int]:
    """`defaults` with what `options` says instead; each is a whole number of at least 1.

    Raises UsageError for an option that `defaults` does not name, or a value that is no such number.
    """
    for name, value in options.items():
        if name not in defaults:
            known = ", ".join(defaults) or "none"
            hint = did_you_mean(name, defaults)
            raise UsageError(f"sampler '{sampler}' has no option '{name}'. Its options: {known}.{hint}")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise UsageError(
                f"sampler '{sampler}': option '{name}' is a whole number of at least 1, found {value!r}."
            )
    return {**defaults, **options}
