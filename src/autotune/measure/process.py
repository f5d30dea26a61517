"""The launcher's process and the pipes to it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, cast

from autotune import sidecar
from autotune.measure.outcome import Request
from autotune.model.confine import Confine
from autotune.sidecar.message import Reader, Writer

Groups: TypeAlias = Literal["auto", "v1", "v2", "none"]

_ROOT = Path(sidecar.__file__).parents[2]
# Isolated and without site-packages: nothing of the user's can slow it down, or grow it.
_COMMAND = (sys.executable, "-I", "-S", "-X", "utf8", "-c")
_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from autotune.sidecar.launcher import main; "
    "main(sys.argv[2], int(sys.argv[3]))"
)
_LAST_WORDS_S = 12.0
_PATIENCE_S = 20.0
"""Both are longer than the launcher itself waits for processes that a SIGKILL does not end."""


class Process:
    """A launcher that takes requests; `fresh` until it has answered one.

    `folders` are the control group's of the command that was last told of, by controller.

    Pids come through a pipe of their own, which is read afterwards: this process is not woken just when the
    command starts. Raises OSError where no process can be started here.
    """

    def __init__(self, groups: Groups) -> None:
        self.fresh = True
        self.folders: dict[str, str] = {}
        self._started, theirs = os.pipe()
        os.set_blocking(self._started, False)
        try:
            self.popen = subprocess.Popen(  # noqa: S603  our own interpreter
                (*_COMMAND, _BOOT, str(_ROOT), groups, str(theirs)),
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(theirs,),
            )
        except OSError:
            os.close(self._started)
            raise
        finally:
            os.close(theirs)
        self._requests = cast("IO[bytes]", self.popen.stdin)
        self._answers = cast("IO[bytes]", self.popen.stdout)
        self._says, self._hears = Writer(), Reader()
        self._ready = select.poll()
        self._ready.register(self._answers, select.POLLIN)

    def send(self, request: Request) -> None:
        """Asks for a command; raises BrokenPipeError where the launcher is gone."""
        line = self._says.line(
            {
                "argv": request.argv,
                "cwd": str(request.cwd.absolute()),
                "env": dict(request.env),
                "timeout_s": request.timeout_s,
                "cap": request.cap_bytes,
                "monitor": request.monitor,
                "network": request.network,
                "confine": _confine(request.confine),
                "log": request.log,
            }
        )
        self._requests.write(line)
        self._requests.flush()

    def receive(self, timeout_s: float) -> dict[str, Any] | None:
        """The answer to a command that may take `timeout_s`; None where the launcher is gone.

        One that does not answer in time was perhaps stopped by what it started: it is woken, then killed.
        """
        if not self.answers_within(timeout_s + _LAST_WORDS_S):
            self.popen.send_signal(signal.SIGCONT)
            if not self.answers_within(_LAST_WORDS_S):
                self.popen.kill()
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            return None
        self.fresh = False
        return self._hears.message(line)

    def answers_within(self, seconds: float) -> bool:
        """Whether the answer to a command has come by then, or never will."""
        return bool(self._ready.poll(1000 * seconds))

    def started(self) -> int:
        """The pid of the command that was asked for since the last time; 0 where none was started."""
        with suppress(BlockingIOError):
            if line := os.read(self._started, 4096):
                told = json.loads(line)
                self.folders = told["group"]
                return int(told["started"])
        return 0

    def forget_start(self) -> None:
        """Makes room for the next pid, when this one needs no killing any more."""
        with suppress(BlockingIOError):
            os.read(self._started, 4096)

    def wait_for_start(self) -> int:
        """The same pid, as soon as it is known."""
        select.select([self._started, self._answers.fileno()], [], [])
        return self.started()

    def close(self) -> None:
        """Hangs up and waits until the launcher has killed what it runs, and ended."""
        with self.popen, suppress(BrokenPipeError):
            self._requests.close()
            self.popen.send_signal(signal.SIGCONT)
            try:
                self.popen.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.popen.kill()
        os.close(self._started)


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
