"""Counts processes that outlive their sample, over four shapes of trees and two ways to end."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

SLEEP = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
SHAPES = {
    "child": f"subprocess.Popen([sys.executable, '-c', {SLEEP!r}])",
    "grandchild": "subprocess.Popen(['sh', '-c', 'sleep 300 & sleep 300 & wait'])",
    "new session": f"subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)",
    "double-fork daemon": (
        "os.fork() or (os.setsid(), "
        "os.fork() or (signal.signal(15, signal.SIG_IGN), time.sleep(300)), os._exit(0))"
    ),
}
WORKLOAD = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
{shape}
time.sleep(0.1)
open("ready", "w").close()
time.sleep(300)
"""
HARNESS = """
import os, sys
from pathlib import Path
from autotune.measure.launcher import Launcher
from autotune.measure.outcome import Request
argv = (sys.executable, "-c", sys.argv[1])
with Launcher(sys.argv[3]) as launcher:
    launcher.run(Request(argv=argv, cwd=Path.cwd(), env=os.environ, timeout_s=float(sys.argv[2])))
"""
ENDS = ("time-out", "SIGKILL of the harness")


def main() -> None:
    """Prints one line for each shape and end; exits 1 where a process survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=13, help="kills for each shape and end")
    parser.add_argument("--groups", default="auto", choices=("auto", "v1", "v2", "none"))
    options = parser.parse_args()
    survived = 0
    print(f"{'shape':<20} {'end':<24} kills  survivors")
    for shape in SHAPES:
        for end in ENDS:
            left = sum(survivors(shape, end, options.groups) for _ in range(options.rounds))
            survived += left
            print(f"{shape:<20} {end:<24} {options.rounds:>5}  {left:>9}", flush=True)
    kills = options.rounds * len(SHAPES) * len(ENDS)
    print(f"{kills} kills, {survived} survivors, control groups: {options.groups}")
    sys.exit(1 if survived else 0)


def survivors(shape: str, end: str, groups: str) -> int:
    """How many processes are still there ten seconds after a sample of that shape was ended so."""
    mark = f"MARKER={uuid.uuid4()}"
    timeout = "0.8" if end == "time-out" else "300"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", HARNESS, WORKLOAD.format(shape=SHAPES[shape]), timeout, groups]
        name, _, value = mark.partition("=")
        with subprocess.Popen(command, cwd=folder, env={**os.environ, name: value}) as harness:
            if end != "time-out":
                wait(lambda: Path(folder, "ready").exists())
                harness.kill()
        wait(lambda: not marked(mark))
    return len(marked(mark))


def wait(condition: Callable[[], bool]) -> None:
    """Waits for the condition, ten seconds at most."""
    until = time.monotonic() + 10
    while time.monotonic() < until and not condition():
        time.sleep(0.01)


def marked(mark: str) -> list[int]:
    """Pids of processes whose environment carries the mark."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
