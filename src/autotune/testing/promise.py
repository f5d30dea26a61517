"""How a broken promise is told."""

from __future__ import annotations


def kept(held: bool, promise: str, *, who: str = "sampler") -> None:  # noqa: FBT001  an assertion
    """Raises AssertionError with `promise` where it was not held."""
    if not held:
        raise AssertionError(f"a {who} {promise}")
