"""Where a URL leads: to this machine, or elsewhere."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def host(url: str) -> str:
    """The host that an http or https URL names; raises ValueError where it is no such URL."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"'{url}' is no URL such as http://127.0.0.1:8080/")
    if parts.username or parts.password:
        raise ValueError("a URL with a user or a password in it would end up in reports")
    _ = parts.port  # raises where it is no number
    return parts.hostname


def is_loopback(name: str) -> bool:
    """Whether the host is this machine by its own loopback, without looking up any name."""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
