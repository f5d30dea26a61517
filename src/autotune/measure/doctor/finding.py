"""One thing that was looked at, and where a machine is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Health(StrEnum):
    """How a finding bears on measuring: no harm, noise, something cannot be measured, nobody can tell."""

    OK = "ok"
    NOISY = "noisy"
    UNABLE = "unable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, what was seen, what that means, and a command that mends it.

    `why` and `mend` are empty where all is well; the command is text for people and is never run.
    """

    name: str
    state: Health
    seen: str
    why: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine whose /proc and /sys lie below `root`, as user `uid` sees it."""

    root: Path = Path("/")
    uid: int = -1

    def text(self, path: str) -> str | None:
        """The stripped text of a file; None where it cannot be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return None

    def matching(self, pattern: str) -> Iterator[str]:
        """The text of every file below the root that matches, by name."""
        for path in sorted(self.root.glob(pattern)):
            text = self.text(str(path.relative_to(self.root)))
            if text is not None:
                yield text

    def exists(self, path: str) -> bool:
        """Whether there is such a file or folder."""
        return (self.root / path).exists()

    def writable(self, path: str) -> bool:
        """Whether this process may change it."""
        return os.access(self.root / path, os.W_OK)

    @property
    def is_root(self) -> bool:
        """Whether the user is root; `uid` -1 is the user of this process."""
        return (os.geteuid() if self.uid < 0 else self.uid) == 0
