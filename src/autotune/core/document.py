"""A file's data together with the place of every value in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from autotune.core.errors import Problem

Where: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's `data` as plain Python, with the place of every value and key in it.

    `problems` are those of the file itself, which did not keep the data from being read.
    """

    data: Any
    file: str
    _values: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict, repr=False)
    _keys: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()

    def has(self, path: Sequence[str | int]) -> bool:
        """Whether something is written at `path`."""
        return tuple(path) in self._values

    def position(self, path: Sequence[str | int]) -> Where:
        """Line and column of the value at `path`, or of the nearest parent that the file has."""
        return _nearest(self._values, path)

    def key_position(self, path: Sequence[str | int]) -> Where:
        """Line and column of the key (or list item) at `path`, or of the nearest parent's."""
        return _nearest({**self._values, **self._keys}, path)


def _nearest(places: Mapping[tuple[str | int, ...], Where], path: Sequence[str | int]) -> Where:
    for length in range(len(path), -1, -1):
        found = places.get(tuple(path[:length]))
        if found is not None:
            return found
    return 1, 1
