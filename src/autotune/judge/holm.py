"""Holm's correction for several claims of which each may be wrong."""

from __future__ import annotations

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """The (n,) `p_values` adjusted for each other, in the same order: compare each with the level itself.

    A claim with an adjusted value of at most alpha is made; all claims together then contain a wrong one
    with chance alpha at most, however many of them are wrong and however they depend on each other (Holm
    1979, *A simple sequentially rejective multiple test procedure*): the i-th smallest of n becomes
    (n - i + 1) p, at most 1, and at least what a smaller one became. For several arms against one baseline,
    or secondary metrics of one comparison: claims of which any may be reported by itself. "Better with every
    limit held" is one claim that needs all its parts and takes no correction. Each p-value has to hold by
    itself, so all come from one look at the same pairs, not from the first look that suits.

    Raises ValueError for what is no probability.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError(f"p-values lie between 0 and 1, not {list(p_values)}")
    count = len(p_values)
    found, largest = [0.0] * count, 0.0
    for smaller, place in enumerate(sorted(range(count), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (count - smaller) * p_values[place]))
        found[place] = largest
    return tuple(found)
