"""The process that starts workloads: a small one, which outlives no harness."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from types import FrameType

from autotune.sidecar import group, layout, processes
from autotune.sidecar.around import Around
from autotune.sidecar.job import AbandonedError, run
from autotune.sidecar.message import Reader, Writer
from autotune.sidecar.reaper import Reaper, become_subreaper
from autotune.sidecar.room import Room, usable

_CONTROL, _ANSWERS = 0, 1
_LAST_TO_DIE = -500
"""Where memory runs out on the whole machine, what can still end the workload and save its sample stays."""
_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main(groups: str = "auto", started: int = _ANSWERS) -> None:
    """Answers one line of JSON per request line until the control channel closes, see `message`.

    A request has argv, cwd, env, timeout_s, cap (bytes), monitor, and may have confine, network and log, a
    file that takes what the command prints. It is answered by its outcome; the descriptor `started` gets a
    line `{"started": pid, "group": folders}` once the command runs.
    Hanging up in between cancels the command: whatever it started is killed before this process ends.
    `groups` names the control groups that may be used: auto, v1, v2 or none. Those that dead launchers left
    behind are removed first.
    """
    for ending in _ENDING:
        signal.signal(ending, _end)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.set_inheritable(started, False)
    become_subreaper()
    for measuring in (os.getpid(), os.getppid()):
        processes.adjust_oom_score(measuring, _LAST_TO_DIE)
    places = layout.find(groups)
    group.sweep(places)
    places = usable(places)
    machine = Around(own_groups=places.quotas)
    requests, answers = Reader(), Writer()
    gc.freeze()
    try:
        with suppress(AbandonedError, BrokenPipeError):
            for number, line in enumerate(sys.stdin.buffer):
                began = time.monotonic()
                request = requests.message(line)
                room = Room(request, places, number, machine)
                answer = run(request, _CONTROL, partial(_tell, started, room), room)
                if room.left:
                    answer["survivors"] = sorted({*answer.get("survivors", ()), *room.left})
                answer["took_s"] = time.monotonic() - began
                _say(answers.line(answer), _ANSWERS)
    finally:
        Reaper(0).end_all()


def _tell(where: int, room: Room, pid: int) -> None:
    folders = room.group.folders if room.group else {}
    _say(json.dumps({"started": pid, "group": folders}).encode() + b"\n", where)


def _say(rest: bytes, where: int) -> None:
    while rest:
        rest = rest[os.write(where, rest) :]


def _end(_number: int, _frame: FrameType | None) -> None:
    # A handler, since ignored signals would stay ignored in the workload. A second signal must not stop
    # the killing, and no workload is started any more.
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(1)
