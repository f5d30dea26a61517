"""A service that a change of scope reload or restart has to reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """How it is seen that the service works: somebody answers at `tcp`, or `command` ends with 0."""

    tcp: str = ""
    command: tuple[str, ...] = ()
    within_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A unit of systemd, or commands; `signal` to the process of `pidfile` stands for a reload.

    Commands run in `folder`; relative paths are below it.
    """

    name: str
    folder: Path
    unit: str = ""
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    reload: tuple[str, ...] = ()
    signal: str = ""
    pidfile: str = ""
    ready: Ready = field(default_factory=Ready)

    def action(self) -> dict[str, Any]:
        """The service as plain data, as `sidecar.action` and the journal take it."""
        ready = {"tcp": self.ready.tcp, "command": list(self.ready.command), "within_s": self.ready.within_s}
        plain = {"name": self.name, "folder": str(self.folder), "ready": ready}
        if self.unit:
            return {"kind": "unit", "unit": self.unit, **plain}
        return {
            "kind": "commands",
            "start": list(self.start),
            "stop": list(self.stop),
            "reload": list(self.reload),
            "signal": self.signal,
            "pidfile": str(self.folder / self.pidfile) if self.pidfile else "",
            **plain,
        }
