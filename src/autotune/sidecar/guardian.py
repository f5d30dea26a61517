"""The process that restores the machine when the harness dies: small, in a session of its own."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress

from autotune.sidecar import layout, moment, processes, recovery, undo, wal

DONE = b"done\n"
_LAST_TO_DIE = -900
_GROUP = "autotune-guardian-"
_LOOKS_S = 0.1
"""Between two looks whether a change that waits to be confirmed was."""
_LOCK_S = 0.01
"""Between two attempts to take the lock, which the dying harness holds no longer than that."""


def main(state: str) -> None:
    """Waits until the harness hangs up; then ends what it left open in `state`, unless it said `done`.

    Says `ready` when it listens. What could not be restored stays in the journal, for the next start.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    processes.adjust_oom_score(os.getpid(), _LAST_TO_DIE)
    left = _leave_groups()
    harness = (os.getppid(), moment.started(os.getppid()))
    try:
        os.write(1, b"ready\n")
        os.close(1)
        if DONE not in sys.stdin.buffer.read():
            _restore(state, harness)
    finally:
        _return(left)


def _restore(state: str, harness: tuple[int, int]) -> None:
    """Restores what `harness` left open, unless somebody else has, or is about to."""
    try:
        _wait_for_lease(state)
        lock = os.open(os.path.join(state, recovery.LOCK), os.O_RDWR | os.O_CLOEXEC)  # noqa: PTH118
        if not _locked(lock, state, harness) or not _is_of(harness, state):
            return
        for one in recovery.recover(state, fresh=True).left:
            sys.stderr.write(f"autotune guardian: not restored: {undo.told(one)}\n")
    except (OSError, wal.CorruptError) as error:
        sys.stderr.write(f"autotune guardian: not restored: {error}\n")


def _locked(lock: int, state: str, harness: tuple[int, int]) -> bool:
    """Waits for the lock as long as there is anything of `harness` to restore."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _is_of(harness, state):
                return False
            time.sleep(_LOCK_S)
        else:
            return True


def _is_of(harness: tuple[int, int], state: str) -> bool:
    """Whether the journal is there, and `harness`, a pid with its start, began it, or nobody has yet."""
    records, _ = wal.read(recovery.journal(state))
    if not records:
        return os.path.exists(recovery.journal(state))  # noqa: PTH110  as in the launcher
    return (records[0].get("pid"), records[0].get("started")) == harness


def _wait_for_lease(state: str) -> None:
    """Returns when the time to confirm is over, or there is nothing left to confirm."""
    while (left_s := recovery.lease_s(wal.read(recovery.journal(state))[0]) or 0) > 0:
        time.sleep(min(left_s, _LOOKS_S))


def _leave_groups() -> list[str]:
    """Moves to groups of its own, where it may: whoever ends the harness's whole group does not end it."""
    made = []
    for root in layout.managers():
        _sweep(root)
        folder = os.path.join(root, f"{_GROUP}{os.getpid()}")  # noqa: PTH118
        with suppress(OSError):
            os.mkdir(folder)  # noqa: PTH102
            made.append(folder)
            _write(os.path.join(folder, "cgroup.procs"))  # noqa: PTH118
    return made


def _sweep(root: str) -> None:
    """Takes away the groups of guardians that were killed."""
    with suppress(OSError):
        for name in os.listdir(root):  # noqa: PTH208  as above
            pid = name.removeprefix(_GROUP)
            if pid != name and pid.isdigit() and not processes.start_time(int(pid)):
                with suppress(OSError):
                    os.rmdir(os.path.join(root, name))  # noqa: PTH106,PTH118


def _return(folders: list[str]) -> None:
    for folder in folders:
        with suppress(OSError):
            _write(os.path.join(os.path.dirname(folder), "cgroup.procs"))  # noqa: PTH118,PTH120
            os.rmdir(folder)  # noqa: PTH106


def _write(path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
