"""Kills `autotune run` with SIGKILL at random moments and resumes it, until it is finished; many times.

The study changes two real sysctls (as root). After each kill nothing is run again until both are as they
were: the guardian has to do that alone, and to leave neither a process nor a journal. A run passes when
that was so, when it finishes, when every trial that it had acknowledged before a kill is in the finished
run with the same value, when no trial, block or pair is there twice, and when the search chose and the
reduction took back what an uninterrupted run does. At the end every other sysctl is compared as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

AUTOTUNE = str(Path(sys.executable).with_name("autotune"))

SCRIPT = """
import json, sys, time
x, y = int(sys.argv[1]), float(sys.argv[2])
cluster, interval = (int(open(f"/proc/sys/vm/{name}").read()) for name in ("page-cluster", "stat_interval"))
time.sleep(0.03)
kernel = abs(cluster - 1) / 5 + abs(interval - 9) / 50
print(json.dumps({"score": 100 + x - (x - 37) ** 2 / 20 - (y - 0.3) ** 2 - kernel}))
"""

STUDY = """
study: sweep
workload:
  workload: formula
  driver: command
  command: ["{python}", "formula.py", "{x}", "{y}", "MARK"]
  timeout: 20s
  metrics: {score: {json: $.score, direction: maximize}}
  parameters:
    x: {int: [1, 60], default: 5}
    y: {float: [0, 1], default: 0.9}
    cluster: {int: [0, 6], default: current, scope: runtime, apply: {sysctl: vm.page-cluster}}
    interval: {int: [1, 60], default: current, scope: runtime, apply: {sysctl: vm.stat_interval}}
objective: {metric: score}
sampler: {name: tpe, seed: 11}
budget: {trials: 14}
validate: {pairs: 8, min_gain: 2%}
"""

MOST_KILLS = 10
"""Then the run is left in peace: a start takes seconds, so that more would mostly hit imports."""

CHANGED = ("vm.page-cluster", "vm.stat_interval")
PATIENCE_S = 5.0
"""For the guardian alone; it needs milliseconds."""

ACKNOWLEDGED = re.compile(r"^\s+(\d+)/14\s+([-\d.]+)", re.MULTILINE)


def main() -> int:
    """Runs the sweep; 0 when every run passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("this changes sysctls and restores them: run it as root")
    steady = {key: value for key, value in sysctls().items() if sysctls()[key] == value}
    with tempfile.TemporaryDirectory() as folder:
        wanted = decided(finished(Path(folder)))
    sweep = Sweep(random.Random(args.seed), wanted, most=args.kills)  # noqa: S311  moments to kill at
    runs = passed = 0
    while sweep.kills < args.kills:
        with tempfile.TemporaryDirectory() as folder:
            before = sweep.kills
            problems = sweep.run(Path(folder))
        runs += 1
        passed += not problems
        print(f"run {runs}: {sweep.kills - before} kills, {'; '.join(problems) or 'ok'}", flush=True)
    after = sysctls()
    drifted = [key for key in steady if after[key] != steady[key] and not moves(key)]
    restored = sorted(sweep.restored_s)
    print(f"{passed} of {runs} runs finished with nothing lost after {sweep.kills} kills (seed {args.seed})")
    print(
        f"{len(restored)} of {sweep.kills} kills restored without a rerun, values were changed at "
        f"{sweep.changed} of them; seconds until then: median {restored[len(restored) // 2]:.3f}, "
        f"largest {restored[-1]:.3f}"
    )
    print(f"{len(steady)} other sysctls compared, drifted: {', '.join(drifted) or 'none'}")
    return passed != runs or bool(drifted)


def sysctls() -> dict[str, str]:
    """Every sysctl that can be read."""
    done = subprocess.run(["/usr/sbin/sysctl", "-a"], text=True, capture_output=True, check=False)
    return dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)


def moves(key: str) -> bool:
    """Whether the kernel changes it by itself."""
    return key.startswith(("fs.dentry", "fs.file-nr", "fs.inode", "kernel.random", "kernel.ns_last_pid"))


def held() -> tuple[str, ...]:
    """What the changed sysctls hold now."""
    places = (Path("/proc/sys") / name.replace(".", "/") for name in CHANGED)
    return tuple(place.read_text().strip() for place in places)


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """The study in a process of its own, its progress appended to `log`."""
    mark = f"mark-{folder.name}"
    (folder / "formula.py").write_text(SCRIPT)
    (folder / "study.yaml").write_text(STUDY.replace("MARK", mark))
    command = [AUTOTUNE, "run", "study.yaml", "--json"]
    environment = {**os.environ, "AUTOTUNE_STATE": str(folder / "state")}
    with log.open("ab") as err, (folder / "out.json").open("wb") as out:
        return subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=environment)


def finished(folder: Path) -> dict[str, Any]:
    """The results of a run that nobody kills."""
    process = start(folder, folder / "log")
    if process.wait(timeout=300) != 0:
        sys.exit((folder / "log").read_text())
    return json.loads((folder / "out.json").read_text())


class Sweep:
    """Runs that are killed, how often they were, and how long each guardian took."""

    def __init__(self, rng: random.Random, wanted: dict[str, object], *, most: int) -> None:
        self.rng, self.wanted, self.most = rng, wanted, most
        self.kills = self.changed = 0
        self.restored_s: list[float] = []
        self.original = held()

    def run(self, folder: Path) -> list[str]:
        """One run with its kills: what is wrong with it, if anything."""
        log = folder / "log"
        found: list[str] = []
        for _ in range(min(MOST_KILLS, self.most - self.kills)):
            process = start(folder, log)
            deadline = time.monotonic() + self.rng.uniform(1.2, 6.0)
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            if process.poll() is not None:
                break
            found += self.kill(process, folder)
        else:
            process = start(folder, log)
            process.wait(timeout=300)
        if process.returncode != 0:
            return [*found, f"exit {process.returncode}: {log.read_text()[-500:]}"]
        if held() != self.original:
            found.append(f"the finished run left {held()}")
        return [*found, *problems(folder, log.read_text(), self.wanted)]

    def kill(self, process: subprocess.Popen[bytes], folder: Path) -> list[str]:
        """Kills it, and waits for the guardian: what that has left undone."""
        self.kills += 1
        process.send_signal(signal.SIGKILL)
        began = time.monotonic()
        self.changed += held() != self.original
        process.wait()
        while held() != self.original and time.monotonic() < began + PATIENCE_S:
            time.sleep(0.001)
        took_s = time.monotonic() - began
        if held() != self.original:
            return [f"not restored after {PATIENCE_S} s: {held()}"]
        self.restored_s.append(took_s)
        while (left := left_of(folder)) and time.monotonic() < began + PATIENCE_S:
            time.sleep(0.01)
        return left


def left_of(folder: Path) -> list[str]:
    """What a killed run has left: a journal, a process of the workload, a guardian."""
    journal = ["a journal is left"] if (folder / "state" / "wal").exists() else []
    pids = [*survivors(f"mark-{folder.name}"), *survivors(str(folder / "state"))]
    return [*journal, *(f"process {pid} is left" for pid in pids)]


def problems(folder: Path, log: str, wanted: dict[str, object]) -> list[str]:
    """What a resumed run got wrong; empty when nothing."""
    data = json.loads((folder / "out.json").read_text())
    trials = {trial["number"]: trial for trial in data["trials"]}
    found = []
    for number, value in ACKNOWLEDGED.findall(log):
        trial = trials.get(int(number) - 1)
        if trial is None or f"{trial['value']:.5g}" != value:
            found.append(f"acknowledged trial {number} is lost or changed")
    found += [
        f"{what} differ from those of an uninterrupted run"
        for what, one in decided(data).items()
        if one != wanted[what]
    ]
    if len(pairs := places(data, "confirmations", "pair", "take", "arm")) != len(set(pairs)):
        found.append("a pair is there twice")
    if len(blocks := places(data, "contests", "block", "entrant")) != len(set(blocks)):
        found.append("a block is there twice")
    if any(len(trial["samples"]) != 1 for trial in data["trials"]):
        found.append("a trial was measured twice")
    if left := survivors(f"mark-{folder.name}"):
        found.append(f"processes left: {left}")
    return found


def decided(data: dict[str, Any]) -> dict[str, object]:
    """What a run chose, which the moments of the kills must not change."""
    return {
        "trials": [trial["config"] for trial in data["trials"]],
        "contests": [
            (c["stage"], c["blocks"], c["measured"], [(e["trial"], e["config"]) for e in c["entrants"]])
            for c in data["contests"]
        ],
        "confirmed configurations": [(c["config"], c["alpha"]) for c in data["confirmations"]],
        "changes taken back": data["taken_back"],
    }


def places(data: dict[str, Any], what: str, *names: str) -> list[tuple[object, ...]]:
    """Where each sample of the contests or confirmations belongs."""
    return [(n, *(s[name] for name in names)) for n, one in enumerate(data[what]) for s in one["samples"]]


def survivors(mark: str) -> list[int]:
    """Processes whose command line carries the mark of this sweep."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark.encode() in words:
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
