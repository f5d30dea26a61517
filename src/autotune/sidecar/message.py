"""Messages between a harness and its launcher: lines of JSON that say what differs from the one before."""

from __future__ import annotations

import json
from typing import Any

_GONE = "gone"
_LONGEST_KEPT = 1 << 16
"""Bytes of a line; what follows a longer one is said in full, so that neither side holds on to a series."""

_encoded = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Writer:
    """Says messages one after the other; what is in one must not be changed afterwards."""

    def __init__(self) -> None:
        self._last: dict[str, Any] = {}

    def line(self, message: dict[str, Any]) -> bytes:
        """What tells `message` from the last one."""
        last = self._last
        said = {name: value for name, value in message.items() if name not in last or last[name] != value}
        if gone := last.keys() - message.keys():
            said[_GONE] = list(gone)
        line = _encoded(said).encode() + b"\n"
        self._last = message if len(line) <= _LONGEST_KEPT else {}
        return line


class Reader:
    """Understands what one Writer says, when it hears all of it."""

    def __init__(self) -> None:
        self._last: dict[str, Any] = {}

    def message(self, line: bytes) -> dict[str, Any]:
        """The whole message that `line` stands for."""
        said = json.loads(line)
        gone = said.pop(_GONE, ())
        kept = {name: value for name, value in self._last.items() if name not in gone}
        message: dict[str, Any] = kept | said
        self._last = message if len(line) <= _LONGEST_KEPT else {}
        return message.copy()
