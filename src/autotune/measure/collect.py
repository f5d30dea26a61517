"""Further sources of resources, which run beside the measured command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from autotune.core import registry
from autotune.model.ports import Collector
from autotune.model.trial import Resource


@contextmanager
def collecting(names: Iterable[str]) -> Iterator[list[Resource]]:
    """A list that is filled at the end with what the named collectors have found meanwhile.

    Raises UsageError for a collector that is not installed.
    """
    collectors: list[Collector] = [registry.load("collectors", name)() for name in names]
    found: list[Resource] = []
    running: list[Collector] = []
    try:
        for collector in collectors:
            collector.start()
            running.append(collector)
        yield found
    finally:
        for collector in running:
            found += collector.stop()
