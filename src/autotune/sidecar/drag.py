"""Runs a command slower than it is: again and again it is stopped, and the time is burnt.

    python drag.py SHARE COMMAND ...

With a share of 0.1 it takes 10 % more time, and 10 % more CPU time where it keeps one CPU busy. What the
command itself measures by the clock is slower too.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

_FIRST_S, _LONGEST_S = 0.002, 0.05
"""How long it runs until it is stopped: twice as long each time, so that short commands are stopped too."""


def main() -> int:
    """The command's exit code, as a shell has it."""
    share, argv = float(sys.argv[1]), sys.argv[2:]
    child = os.posix_spawnp(argv[0], argv, os.environ, setpgroup=0)
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(child, signal.SIGKILL))
    try:
        return _code(_dragged(child, share))
    finally:
        _end(child)


def _dragged(child: int, share: float) -> int:
    """Waits for the child, which is stopped for `share` of the time that it ran."""
    end = select.poll()
    end.register(os.pidfd_open(child), select.POLLIN)
    period_s = _FIRST_S
    while True:
        began = time.perf_counter()
        if end.poll(period_s * 1000):
            return os.waitpid(child, 0)[1]
        period_s = min(_LONGEST_S, 2 * period_s)
        os.killpg(child, signal.SIGSTOP)
        _burn((time.perf_counter() - began) * share)
        os.killpg(child, signal.SIGCONT)


def _burn(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _end(child: int) -> None:
    """What the command left behind in its group."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main())
