"""When the pairs are looked at."""

from __future__ import annotations

from functools import lru_cache

_PARTS = 4


@lru_cache(maxsize=64)
def looks(pairs: int) -> tuple[int, ...]:
    """Pairs at which a look is planned: 1/4, 1/2, 3/4 and all of `pairs`, rounded up, each once.

    Raises ValueError where `pairs` is below 1.
    """
    if pairs < 1:
        raise ValueError(f"at least 1 pair is needed, not {pairs}")
    return tuple(sorted({-(-pairs * part // _PARTS) for part in range(1, _PARTS + 1)}))


def next_look(done: int, planned: tuple[int, ...]) -> int | None:
    """The first planned look beyond `done` pairs; None after the last."""
    return next((pairs for pairs in planned if pairs > done), None)
