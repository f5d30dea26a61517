"""The process that starts workloads: a small one, which outlives no harness."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from autotune.sidecar import group, layout
from autotune.sidecar.job import AbandonedError, run
from autotune.sidecar.reaper import Reaper, become_subreaper
from autotune.sidecar.room import Room

_CONTROL, _ANSWERS = 0, 1
_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main(groups: str = "auto") -> None:
    """Answers one line of JSON per request line until the control channel closes.

    A request has argv, cwd, env, timeout_s, cap (bytes), monitor, and may have confine and network. It is
    answered by `{"started": pid}` once the command runs, then by its outcome. Hanging up in between cancels
    the command: whatever it started is killed before this process ends. `groups` names the control groups
    that may be used: auto, v1, v2 or none. Those that dead launchers left behind are removed first.
    """
    for ending in _ENDING:
        signal.signal(ending, _end)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    become_subreaper()
    places = layout.find(groups)
    group.sweep(places)
    try:
        with suppress(AbandonedError, BrokenPipeError):
            for number, line in enumerate(sys.stdin.buffer):
                _say(_answer(json.loads(line), places, number))
    finally:
        Reaper(0).end_all()


def _answer(request: dict[str, Any], places: layout.Layout, number: int) -> dict[str, Any]:
    began = 0.0

    def started(pid: int) -> None:
        nonlocal began
        began = time.monotonic()
        _say({"started": pid})

    room = Room(request, places, number)
    answer = run(request, _CONTROL, started, room)
    if room.left:
        answer["survivors"] = sorted({*answer.get("survivors", ()), *room.left})
    return {**answer, "took_s": time.monotonic() - began}


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
