"""What is going on, on standard error: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from autotune.core.redact import printable
from autotune.model.verdict import Verdict


class _Console(Console):
    """A console whose reader may leave: the work goes on in silence."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class LiveLine:
    """Tells of pairs and notes; a context manager that leaves the terminal clean."""

    def __init__(self) -> None:
        self._console = _Console(stderr=True, highlight=False, soft_wrap=True)
        self._live = self._live_line() if self._console.is_terminal else None

    def _live_line(self) -> Live:
        # Drawn only when something happened: a spinner would keep a core busy that is being measured.
        return Live(Text(), console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def pair(self, done: int, planned: int, verdict: Verdict | None) -> None:
        """The pairs so far; a line at each planned look."""
        self.update(f"pair {done} of at most {planned}")
        if verdict is not None:
            self.line(f"  look at {done} pair{'s'[: done != 1]}: {verdict.result}")

    def note(self, text: str) -> None:
        """A line that says so."""
        self.line(f"  note: {text}", "yellow")

    def update(self, text: str) -> None:
        """What goes on now, in the live line; nothing where there is no terminal."""
        if self._live:
            self._live.update(Text(printable(text), style="cyan"), refresh=True)

    def line(self, text: str, style: str = "") -> None:
        """A line that stays."""
        self._console.print(Text(printable(text).replace("\n", " "), style=style))


def note(text: str) -> None:
    """A line that says so, where nothing is measured yet or any more."""
    click.echo(printable(f"note: {text}").replace("\n", " "), err=True)
