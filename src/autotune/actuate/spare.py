"""File descriptors kept back for the undo: a process that has used up all of its own can still restore."""

from __future__ import annotations

import os
from contextlib import suppress

_MOST_AT_ONCE = 8
"""The journal, a file and its folder, the stored contents and theirs; and some for an import."""


class Spare:
    """Descriptors that do nothing until they are given back; raises OSError where there are not so many."""

    def __init__(self) -> None:
        self._files: list[int] = []
        try:
            for _ in range(_MOST_AT_ONCE):
                self._files.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            self.give_back()
            raise

    def give_back(self) -> None:
        """Closes them, for somebody else to open."""
        while self._files:
            with suppress(OSError):
                os.close(self._files.pop())
