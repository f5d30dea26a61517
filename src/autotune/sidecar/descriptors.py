"""Files of /proc and of control groups, kept open between readings."""

from __future__ import annotations

import os

_LONGEST_READ = 1 << 16
_MOST_OPEN = 400
"""Well below the usual limit of 1024 open files; beyond, files are opened for each reading."""


class Descriptors:
    """Reads small files from their beginning again and again: a kept descriptor saves the path's walk."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def read(self, path: str) -> bytes | None:
        """What the file says now; None where it is not, or no longer, there."""
        descriptor = self._open.get(path)
        if descriptor is not None:
            try:
                return os.pread(descriptor, _LONGEST_READ, 0)
            except OSError:
                self.forget(path)
                return None
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            content = os.read(descriptor, _LONGEST_READ)
        except OSError:
            os.close(descriptor)
            return None
        if len(self._open) < _MOST_OPEN:
            self._open[path] = descriptor
        else:
            os.close(descriptor)
        return content

    def forget(self, path: str) -> None:
        """Closes one file."""
        descriptor = self._open.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)

    def close(self) -> None:
        """Closes all."""
        for path in tuple(self._open):
            self.forget(path)
