"""A port of 127.0.0.1 that nobody uses."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST = 20000
_USUAL = 32768
_TRIES = 200


def free_port() -> int:
    """A free port below those that the kernel gives to outgoing connections.

    One of those could be taken by a client of the load while the service restarts. Raises OSError where
    none was found.
    """
    low = max(_FIRST, 1024)
    high = max(low + 1, _ephemeral())
    for _ in range(_TRIES):
        port = random.randrange(low, high)  # noqa: S311  no secret
        if is_free(port):
            return port
    raise OSError(f"no free port between {low} and {high} was found")


def is_free(port: int) -> bool:
    """Whether a service could listen on `port` of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _ephemeral() -> int:
    """The first port that the kernel gives out by itself."""
    try:
        return int(_RANGE.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return _USUAL
