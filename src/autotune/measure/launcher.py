"""The harness's side of the process that starts workloads."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from autotune.core.errors import WorkloadError
from autotune.measure.outcome import Outcome, Request, outcome
from autotune.measure.portable import Portable
from autotune.measure.process import Groups, Process


class Launcher:
    """Runs commands, one at a time, from a small process of its own.

    That process is started when it is needed, and ends with this one, however this one ends; what it runs
    then ends as well. `groups` names the control groups that may be used: all that are here (auto), those of
    one version (v1, v2), or none. Where there is no `proc`, psutil reads the series. A context manager; not
    for use by several threads.
    """

    def __init__(self, groups: Groups = "auto", *, proc: Path = Path("/proc")) -> None:
        self._groups = groups
        self._tells = (proc / "self").exists()
        self._process: Process | None = None
        self._lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up and waits until the launcher has killed what it runs, and ended."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def run(self, request: Request) -> Outcome:
        """How the command ended; a launcher that died is replaced.

        A command whose launcher died under it has a start error, and is not run again by itself. Raises
        WorkloadError when that happens twice in a row, OSError when no process can be started here. Any
        exception meanwhile, KeyboardInterrupt too, is passed on after everything was killed.
        """
        try:
            return self._run(request)
        except BaseException:
            self.close()
            raise

    def _run(self, request: Request) -> Outcome:
        started, answer = self._exchange(request)
        if answer is None and not started:
            started, answer = self._exchange(request)
        if answer is not None:
            self._lost = False
            return outcome(answer)
        if self._lost or not started:
            raise WorkloadError(
                "the process that starts workloads ended twice in a row. Look for an out-of-memory kill in "
                "the kernel's log (dmesg), or for a workload that stops or kills its parent."
            )
        self._lost = True
        return Outcome(start_error="the process that starts workloads was killed")

    def _exchange(self, request: Request) -> tuple[int, dict[str, Any] | None]:
        """The launcher's answer; when it is gone, None and the pid that it had started (0: none)."""
        process = self._process = self._process or Process(self._groups)
        with suppress(BrokenPipeError):
            fresh, began = process.fresh, time.monotonic()
            process.send(request)
            answer = self._answer(process, request)
            if answer:
                if not fresh and "suspended_s" in answer:
                    # A process that was stopped meanwhile took longer over it than the other.
                    gap_s = time.monotonic() - began - answer["took_s"]
                    answer["suspended_s"] = max(answer["suspended_s"], gap_s)
                process.forget_start()
                return 0, answer
        started = process.started()
        self.close()
        if started:
            # What the launcher ran lost its guard with it. The next one ends the whole control group when
            # it starts: now. Where there is none, only the command's own process group is in reach.
            self._process = Process(self._groups)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started, signal.SIGKILL)
        return started, None

    def _answer(self, process: Process, request: Request) -> dict[str, Any] | None:
        """What the launcher answers, with a series of psutil's where there is no /proc to read."""
        if self._tells or not request.monitor:
            return process.receive(request.timeout_s)
        with Portable(process.wait_for_start()) as series:
            answer = process.receive(request.timeout_s)
        if answer and "series" in answer:
            answer |= {"series": series.columns(), "monitor_s": series.cost_s}
        return answer
