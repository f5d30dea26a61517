"""What only an extra brings, and whether it is here."""

from __future__ import annotations

from importlib.util import find_spec

_EXTRAS = {
    "hdr": ("hdrh", "an HdrHistogram log is read by an extra"),
    "http": ("aiohttp", "driver http needs an extra"),
}


def missing(extra: str) -> str:
    """The sentence that says how to get `extra`; empty where it is installed."""
    module, need = _EXTRAS[extra]
    if find_spec(module):
        return ""
    return f"{need}: pip install 'autotune-harness[{extra}]', in a clone pip install -e '.[{extra}]'"
