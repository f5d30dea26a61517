"""Random search that never repeats itself, ten lines: where the score's zero should be."""

from __future__ import annotations

import random

from link import Link

link = Link()
chance = random.Random(link.seed)  # noqa: S311  no secret
seen: set[tuple[int, ...]] = set()
while True:
    indices = tuple(chance.randrange(size) for size in link.sizes)
    if indices not in seen:
        seen.add(indices)
        link.measure(indices)
