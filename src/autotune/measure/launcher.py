"""The harness's side of the process that starts workloads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self, cast

from autotune import sidecar
from autotune.core.errors import WorkloadError
from autotune.measure.outcome import Outcome, Request, outcome

_ROOT = Path(sidecar.__file__).parents[2]
# Isolated and without site-packages: nothing of the user's can slow it down, or grow it.
_COMMAND = (sys.executable, "-I", "-S", "-X", "utf8", "-c")
_BOOT = "import sys; sys.path.append(sys.argv[1]); from autotune.sidecar.launcher import main; main()"
_PATIENCE_S = 20.0
"""Longer than the launcher itself waits for processes that a SIGKILL does not end."""


class Launcher:
    """Runs commands, one at a time, from a small process of its own.

    That process is started when it is needed, and ends with this one, however this one ends; what it runs
    then ends as well. A context manager; not for use by several threads.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up and waits until the launcher has killed what it runs, and ended."""
        process, self._process = self._process, None
        if process is None:
            return
        with process, suppress(BrokenPipeError):
            cast("IO[bytes]", process.stdin).close()
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()

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
                "the process that starts workloads ended twice in a row. "
                "Look for an out-of-memory kill in the kernel's log (dmesg)."
            )
        self._lost = True
        return Outcome(start_error="the process that starts workloads was killed")

    def _exchange(self, request: Request) -> tuple[int, dict[str, Any] | None]:
        """The pid that was started (0: none) and the launcher's answer; None when the launcher is gone."""
        process = self._process = self._process or _start()
        started = 0
        with suppress(BrokenPipeError):
            _send(process, request)
            answer = _receive(process)
            if answer and "started" in answer:
                started = answer["started"]
                answer = _receive(process)
            if answer:
                return started, answer
        self.close()
        if started:
            # What the launcher ran lost its guard with it. It leads its own group; others it may have
            # moved to groups of their own are out of reach.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started, signal.SIGKILL)
        return started, None


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter
        (*_COMMAND, _BOOT, str(_ROOT)),
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _send(process: subprocess.Popen[bytes], request: Request) -> None:
    stream = cast("IO[bytes]", process.stdin)
    text = json.dumps(
        {
            "argv": request.argv,
            "cwd": str(request.cwd.absolute()),
            "env": dict(request.env),
            "timeout_s": request.timeout_s,
            "cap": request.cap_bytes,
            "monitor": request.monitor,
        }
    )
    stream.write(text.encode() + b"\n")
    stream.flush()


def _receive(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    line = cast("IO[bytes]", process.stdout).readline()
    return json.loads(line) if line.endswith(b"\n") else None
