"""The process that starts workloads: a small one, which outlives no harness."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

from autotune.sidecar.job import AbandonedError, run
from autotune.sidecar.reaper import Reaper, become_subreaper

_CONTROL, _ANSWERS = 0, 1
_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Answers one line of JSON per request line until the control channel closes.

    A request has argv, cwd, env, timeout_s, cap (bytes) and monitor. It is answered by `{"started": pid}`
    once the command runs, then by its outcome. Hanging up in between cancels the command: whatever it
    started is killed before this process ends.
    """
    for number in _ENDING:
        signal.signal(number, _end)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    become_subreaper()
    try:
        with suppress(AbandonedError, BrokenPipeError):
            for line in sys.stdin.buffer:
                _say(_answer(json.loads(line)))
    finally:
        Reaper(0).end_all()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    return run(request, _CONTROL, lambda pid: _say({"started": pid}))


def _say(answer: dict[str, Any]) -> None:
    rest = json.dumps(answer, separators=(",", ":")).encode() + b"\n"
    while rest:
        rest = rest[os.write(_ANSWERS, rest) :]


def _end(_number: int, _frame: FrameType | None) -> None:
    # A handler, since ignored signals would stay ignored in the workload. A second signal must not stop
    # the killing, and no workload is started any more.
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(1)
