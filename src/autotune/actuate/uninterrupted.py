"""Holds signals back while the machine is being restored."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

_HELD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def uninterrupted(note: Callable[[str], None]) -> Iterator[None]:
    """Whoever asks to stop inside is told that the machine is being restored, and heard afterwards.

    Does nothing outside the main thread, which alone hears signals.
    """
    heard: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            with suppress(OSError, RuntimeError, ValueError):  # the terminal is gone, or is being written to
                note("the machine is being restored first; this cannot be interrupted")

    try:
        before: dict[int, Any] = {number: signal.signal(number, hold) for number in _HELD}
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])
