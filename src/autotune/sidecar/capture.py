"""Output of any length in a bounded piece of memory."""

from __future__ import annotations

import binascii


class Capture:
    """The first and the last `cap` bytes of a stream, whose length so far is `total`."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, chunk: bytes) -> None:
        """Takes the next bytes of the stream."""
        self.total += len(chunk)
        room = self._cap - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        # Trimmed only at twice the cap, so that a flood of small chunks is not copied once per chunk.
        if len(self._tail) > 2 * self._cap:
            del self._tail[: -self._cap]

    def answer(self) -> dict[str, str | int]:
        """`head` and `tail` as base64 (together the whole stream where it fits), `total` in bytes."""
        tail = self._tail[-self._cap :] if self._cap else b""
        return {
            "head": binascii.b2a_base64(self._head, newline=False).decode(),
            "tail": binascii.b2a_base64(tail, newline=False).decode(),
            "total": self.total,
        }
