"""A service that is started for its samples alone, in a folder and on a port of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from autotune.model.confine import Confine


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """How a running service is told to stop or to read its values again: a command, or a signal's name."""

    command: tuple[str, ...] = ()
    signal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How it is seen that the service works; one of the four, or none: it works as soon as it runs.

    Somebody answers at `tcp`, `http` answers with 200 to 399, `command` ends with 0, or a line of what the
    service prints matches `log`.
    """

    tcp: str = ""
    http: str = ""
    command: tuple[str, ...] = ()
    log: str = ""
    within_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """How the service is started, in the foreground, and by whom; `user` is empty for autotune's own user.

    `reload` is None where nothing but a restart makes it read its values again.
    """

    start: tuple[str, ...]
    stop: Hint = field(default_factory=lambda: Hint(signal="TERM"))
    reload: Hint | None = None
    ready: Sign = field(default_factory=Sign)
    user: str = ""
    confine: Confine = field(default_factory=Confine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is done once for all samples: before the service's first start, then while it runs."""

    command: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    timeout_s: float = 120.0
