"""Sees whether a service works."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from autotune.model.instance import Sign

_PROBE_S = 2.0
_LONGEST_LOG = 1 << 20


def works(sign: Sign, *, log: Path, since: int, succeeds: Callable[[tuple[str, ...]], bool]) -> bool:
    """Whether the sign is there; its placeholders are filled. `succeeds` runs a command.

    Of the log only what is behind the byte `since` counts: what the service printed since its start.
    """
    if sign.tcp:
        return _answers(sign.tcp)
    if sign.http:
        return _good(sign.http)
    if sign.command:
        return succeeds(sign.command)
    return not sign.log or re.search(sign.log, tail(log, since)) is not None


def tail(log: Path, since: int = 0) -> str:
    """What the log holds behind the byte `since`, its last MiB at most."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(since, size - _LONGEST_LOG))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _answers(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PROBE_S).close()
    except (OSError, ValueError):
        return False
    return True


def _good(url: str) -> bool:
    """Whether the URL is answered with 200 to 399; redirections are not followed, no proxy is asked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PROBE_S)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
