"""Kills a harness that changes sysctls, at random moments: its guardian alone has to restore them.

Twenty sysctls of a network namespace of its own go from one configuration to the next. A kill passes when,
with no other command run, every sysctl below net.ipv4 is as before, and no process, control group or journal
is left.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from undo import IN_NAMESPACE, NAMES

ROOT = Path("/proc/sys/net/ipv4")
LONGEST_S = 30
"""Time for a guardian on a busy machine."""

HARNESS = """
import random, sys
from pathlib import Path
from autotune.actuate.session import opened
from autotune.actuate.sysctl import Sysctl
from autotune.model.space import Apply

state, seed, *names = sys.argv[1:]
rng = random.Random(seed)
applies = [Apply(actuator="sysctl", options={"name": f"net.ipv4.{name}"}) for name in names]
targets = [Sysctl().target(apply, Path()) for apply in applies]
old = [int(Path(t.address["path"]).read_text()) for t in targets]
print("begun", flush=True)
while True:
    with opened(Path(state), kind="trial", note=print) as session:
        for _ in range(rng.randint(1, 200)):
            pairs = [(t, str(o + 1)) for t, o in zip(targets, old) if rng.random() < 0.5]
            session.bring(pairs)
"""


def main() -> int:
    """Runs the kills; 0 when every one of them passed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("needs root: sysctls are changed, in a network namespace of its own")
    if IN_NAMESPACE not in os.environ:
        again = ("unshare", "--net", sys.executable, *sys.argv)
        return subprocess.run(again, env={**os.environ, IN_NAMESPACE: "1"}, check=False).returncode
    rng = random.Random(args.seed)  # noqa: S311  moments to kill at, no secret
    passed = changed = 0
    for number in range(args.kills):
        with tempfile.TemporaryDirectory() as folder:
            was_changed, problems = kill(Path(folder), rng)
        changed += was_changed
        passed += not problems
        if problems:
            print(f"kill {number + 1}: {'; '.join(problems)}", flush=True)
    print(
        f"{passed} of {args.kills} kills restored by the guardian alone, nothing left; "
        f"values were changed at {changed} of them (seed {args.seed})"
    )
    return int(passed != args.kills)


def kill(folder: Path, rng: random.Random) -> tuple[bool, list[str]]:
    """One harness and its end: whether anything was changed at that moment, and what is wrong afterwards."""
    before = sysctls()
    state, command = folder / "state", (sys.executable, "-c", HARNESS)
    process = subprocess.Popen((*command, str(state), str(rng.random()), *NAMES), stdout=subprocess.PIPE)
    if process.stdout is None or process.stdout.readline() != b"begun\n":
        return False, ["the harness does not start"]
    time.sleep(rng.uniform(0, 1.5))
    process.send_signal(signal.SIGSTOP)  # so that nothing moves while it is looked at
    was_changed = sysctls() != before
    guardians = {f"autotune-guardian-{pid}" for pid in processes(folder)}
    process.kill()
    process.communicate()
    give_up = time.monotonic() + LONGEST_S
    while (left := processes(folder)) and time.monotonic() < give_up:
        time.sleep(0.005)
    after = sysctls()
    problems = [
        f"{name} was {text}, is {after[name]}" for name, text in before.items() if after[name] != text
    ]
    problems += [f"process {pid} is left" for pid in left]
    problems += [f"group {name} is left" for name in groups() if Path(name).name in guardians]
    if (state / "wal").exists():
        problems.append("a journal is left")
    return was_changed, problems


def sysctls() -> dict[str, str]:
    """Every value of the namespace below net.ipv4 that can be read."""
    found = {}
    for path in ROOT.glob("*"):
        try:
            found[path.name] = path.read_text()
        except OSError:  # a folder, or one that only takes commands
            continue
    return found


def groups() -> list[str]:
    """Every control group."""
    return [folder for folder, _, _ in os.walk("/sys/fs/cgroup")]


def processes(folder: Path) -> list[int]:
    """Processes that name the folder in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
