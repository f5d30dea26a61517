"""The harness's side of the process that starts workloads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Literal, Self, TypeAlias, cast

from autotune import sidecar
from autotune.core.errors import WorkloadError
from autotune.measure.outcome import Outcome, Request, outcome
from autotune.measure.portable import Portable
from autotune.model.workload import Confine

_ROOT = Path(sidecar.__file__).parents[2]
# Isolated and without site-packages: nothing of the user's can slow it down, or grow it.
_COMMAND = (sys.executable, "-I", "-S", "-X", "utf8", "-c")
_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from autotune.sidecar.launcher import main; main(sys.argv[2])"
)
Groups: TypeAlias = Literal["auto", "v1", "v2", "none"]
_PATIENCE_S = 20.0
"""Longer than the launcher itself waits for processes that a SIGKILL does not end."""


class Launcher:
    """Runs commands, one at a time, from a small process of its own.

    That process is started when it is needed, and ends with this one, however this one ends; what it runs
    then ends as well. `groups` names the control groups that may be used: all that are here (auto), those of
    one version (v1, v2), or none. Where there is no `proc`, psutil reads the series. A context manager; not
    for use by several threads.
    """

    def __init__(self, groups: Groups = "auto", *, proc: Path = Path("/proc")) -> None:
        self._groups = groups
        self._proc = proc
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
        process = self._process = self._process or _start(self._groups)
        started = 0
        with suppress(BrokenPipeError):
            _send(process, request)
            answer = _receive(process)
            if answer and "started" in answer:
                started, began = answer["started"], time.monotonic()
                answer = self._outcome(process, started, request)
                if answer:
                    # A process that was stopped meanwhile took longer over it than the other.
                    gap_s = time.monotonic() - began - answer["took_s"]
                    answer["suspended_s"] = max(answer["suspended_s"], gap_s)
            if answer:
                return started, answer
        self.close()
        if started:
            # What the launcher ran lost its guard with it. The next one ends the whole control group when
            # it starts: now. Where there is none, only the command's own process group is in reach.
            self._process = _start(self._groups)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started, signal.SIGKILL)
        return started, None

    def _outcome(
        self, process: subprocess.Popen[bytes], started: int, request: Request
    ) -> dict[str, Any] | None:
        """The launcher's second answer, with a series of psutil's where there is no /proc to read."""
        if not request.monitor or (self._proc / "self").exists():
            return _receive(process)
        with Portable(started) as series:
            answer = _receive(process)
        if answer:
            answer |= {"series": series.columns(), "monitor_s": series.cost_s}
        return answer


def _start(groups: Groups) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter
        (*_COMMAND, _BOOT, str(_ROOT), groups),
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
            "network": request.network,
            "confine": _confine(request.confine),
        }
    )
    stream.write(text.encode() + b"\n")
    stream.flush()


def _confine(confine: Confine) -> dict[str, Any]:
    """The bounds that are set, as the launcher takes them."""
    bounds = {
        "memory": confine.memory_bytes,
        "pids": confine.pids,
        "idle_s": confine.idle_s,
        "file_size": confine.file_size_bytes,
        "cpus": confine.cpus,
        "nice": confine.nice,
    }
    return {name: bound for name, bound in bounds.items() if bound}


def _receive(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    line = cast("IO[bytes]", process.stdout).readline()
    return json.loads(line) if line.endswith(b"\n") else None
