"""Faults at the n-th system call that changes something, and values that behave as a kernel's do.

The product has no fail points: a forked process replaces the functions of `os` by ones that count.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CALLS = (
    "open", "write", "pwrite", "fsync", "fdatasync", "ftruncate", "posix_fallocate", "rename", "replace",
    "unlink", "mkdir", "rmdir", "symlink", "link", "fchmod", "fchown", "setxattr",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KINDS = ("kill", "killed after", "torn", "EIO", "EIO for good", "ENOSPC", "ENOSPC for good")
REAL = {name: getattr(os, name) for name in CALLS}

COUPLED = {"dirty_bytes": "dirty_ratio", "dirty_ratio": "dirty_bytes"}
ROUNDED = "rounded"
STEP = 8
"""What the fake kernel rounds down to a multiple of."""


@dataclass(slots=True)
class Faults:
    """What is to happen `at` which call, counted from 1; `log` is of every call. 0 is never."""

    kernel: Path
    at: int = 0
    kind: str = "kill"
    log: list[tuple[str, str]] = field(default_factory=list)

    @property
    def fired(self) -> bool:
        """Whether the call was reached."""
        return bool(self.at) and len(self.log) >= self.at

    def install(self) -> None:
        """Replaces the functions of `os`, in this process, for good."""
        for name in CALLS:
            setattr(os, name, self._counting(name))

    def _counting(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & WRITES:
                return REAL[name](*args, **kwargs)
            self.log.append((name, where(args[0])))
            due = self.at and (len(self.log) == self.at or (self.kind.endswith("for good") and self.fired))
            if due:
                self._before(name, args)
            result = self._real(name, args, kwargs)
            if due:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    def _before(self, name: str, args: tuple[Any, ...]) -> None:
        """Returns only where the process is to die after the call."""
        if self.kind.startswith("E"):
            number = getattr(errno, self.kind.split()[0])
            raise OSError(number, os.strerror(number))
        if self.kind == "torn" and "write" in name and not self._is_kernel(args[0]):
            REAL[name](args[0], args[1][: len(args[1]) // 2], *args[2:])
        if self.kind != "killed after":
            os.kill(os.getpid(), signal.SIGKILL)

    def _real(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if name == "write" and self._is_kernel(args[0]):
            return self._kernel_write(*args)
        return REAL[name](*args, **kwargs)

    def _is_kernel(self, file: int) -> bool:
        return where(file).startswith(f"{self.kernel}/")

    def _kernel_write(self, file: int, data: bytes) -> int:
        """As /proc/sys does: the whole value at once, rounded, and its partner to 0."""
        name = Path(where(file)).name
        if name == ROUNDED:
            data = b"%d\n" % (int(data) // STEP * STEP)
        REAL["pwrite"](file, data, 0)
        REAL["ftruncate"](file, len(data))
        if name in COUPLED:
            Path(where(file)).with_name(COUPLED[name]).write_text("0\n")
        return len(data)


def where(what: object) -> str:
    """The path of an argument: a text, a path or an open file."""
    return str(Path(f"/proc/self/fd/{what}").readlink()) if isinstance(what, int) else str(what)
