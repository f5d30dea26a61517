"""A service that runs: in a launcher of its own, so that nothing of it outlives the harness."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from autotune.core.errors import NotRestoredError
from autotune.measure.outcome import Outcome, Request, outcome
from autotune.measure.process import Groups, Process

_FOREVER_S = 10 * 365 * 86400.0


class Started:
    """The service of `request`, whose output goes to the file `log`; a context for nobody: `stop` ends it.

    Its launcher hangs up with this process, however that ends, and has then killed all that the service
    started. Raises OSError where no process can be started here.
    """

    def __init__(self, request: Request, log: Path, groups: Groups) -> None:
        self._process = Process(groups)
        self._ended: Outcome | None = None
        self._process.send(_running(request, log))
        self.pid = self._process.wait_for_start()
        self.folders = dict(self._process.folders)

    def ended(self, wait_s: float = 0.0) -> Outcome | None:
        """How it ended, where it has within `wait_s`; None while it runs."""
        if self._ended is None and self._process.answers_within(wait_s):
            answer: dict[str, Any] | None = self._process.receive(0.0)
            self._ended = (
                Outcome(start_error="its launcher was killed") if answer is None else outcome(answer)
            )
        return self._ended

    def signal(self, name: str) -> None:
        """Sends a signal to the service's first process."""
        if self.ended() is None and self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, getattr(signal, f"SIG{name}"))

    def stop(self, ask: Callable[[], None], within_s: float) -> bool:
        """Asks it to end, and kills what has not ended by then; whether it ended by itself.

        Raises NotRestoredError where something of it cannot be killed.
        """
        try:
            ask()
            in_order = self.ended(within_s) is not None
        finally:
            self._process.close()
        if self._ended and self._ended.survivors:
            pids = ", ".join(map(str, self._ended.survivors))
            raise NotRestoredError(f"the service left processes that SIGKILL does not end: {pids}.")
        return in_order

    def kill(self) -> None:
        """Ends it, and all that it started, at once."""
        self._process.close()


def _running(request: Request, log: Path) -> Request:
    return Request(
        argv=request.argv,
        cwd=request.cwd,
        env=request.env,
        timeout_s=_FOREVER_S,
        confine=request.confine,
        log=str(log),
    )
