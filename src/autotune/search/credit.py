"""Credit among several sources of configurations."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

_WINDOW = 50
"""Trials that credit looks back on: a source that was good at the start may be of no use later."""

_EXPLORE = 0.2
"""Weight of trying what was tried rarely. OpenTuner's 0.05 is for thousands of trials."""


class Credit:
    """The area-under-curve bandit (Fialho, Da Costa, Schoenauer, Sebag 2010), as in OpenTuner (2014).

    A source's credit is the area under the curve that goes up with each of its trials that was a new best and
    right with each that was not, so that late successes count more than early ones; beside it stands the
    bound by which rarely tried sources are tried again.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = tuple(sources)
        self._window: deque[tuple[str, bool]] = deque(maxlen=_WINDOW)

    def take(self, source: str, *, best: bool) -> None:
        """Counts a trial of `source`, and whether it was a new best one."""
        self._window.append((source, best))

    def order(self) -> list[str]:
        """All sources, the one to ask first in front; in given order where they are level."""
        return sorted(self._sources, key=lambda source: -self._worth(source))

    def _worth(self, source: str) -> float:
        results = [best for name, best in self._window if name == source]
        if not results:
            return math.inf
        tried = len(results)
        area = sum(place for place, best in enumerate(results, 1) if best) / (tried * (tried + 1) / 2)
        return area + _EXPLORE * math.sqrt(2 * math.log(len(self._window)) / tried)
