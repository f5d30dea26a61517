"""Kills `autotune run` with SIGKILL at random moments and resumes it, until it is finished; many times.

A run passes when it finishes, when every trial that it had acknowledged before a kill is in the finished run
with the same value, when no trial, block or pair is there twice, when the search chose and the reduction took
back what an uninterrupted run does, and when no process of the workload is left.
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
time.sleep(0.03)
print(json.dumps({"score": 100 + x - (x - 37) ** 2 / 20 - (y - 0.3) ** 2}))
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
objective: {metric: score}
sampler: {name: tpe, seed: 11}
budget: {trials: 14}
validate: {pairs: 8, min_gain: 2%}
"""

MOST_KILLS = 6
"""Then the run is left in peace: a start takes seconds, so that more would mostly hit imports."""

ACKNOWLEDGED = re.compile(r"^\s+(\d+)/14\s+([-\d.]+)", re.MULTILINE)


def main() -> int:
    """Runs the sweep; 0 when every run passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wanted = decided(finished(Path(folder)))
    rng = random.Random(args.seed)  # noqa: S311  moments to kill at, no secret
    kills = passed = 0
    for number in range(args.runs):
        with tempfile.TemporaryDirectory() as folder:
            killed, problems = sweep(Path(folder), rng, wanted)
        kills += killed
        passed += not problems
        print(f"run {number + 1}: {killed} kills, {'; '.join(problems) or 'ok'}", flush=True)
    print(f"{passed} of {args.runs} runs finished with nothing lost after {kills} kills (seed {args.seed})")
    return passed != args.runs


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """The study in a process of its own, its progress appended to `log`."""
    mark = f"mark-{folder.name}"
    (folder / "formula.py").write_text(SCRIPT)
    (folder / "study.yaml").write_text(STUDY.replace("MARK", mark))
    command = [AUTOTUNE, "run", "study.yaml", "--json"]
    with log.open("ab") as err, (folder / "out.json").open("wb") as out:
        return subprocess.Popen(command, cwd=folder, stdout=out, stderr=err)


def finished(folder: Path) -> dict[str, Any]:
    """The results of a run that nobody kills."""
    process = start(folder, folder / "log")
    if process.wait(timeout=300) != 0:
        sys.exit((folder / "log").read_text())
    return json.loads((folder / "out.json").read_text())


def sweep(folder: Path, rng: random.Random, wanted: dict[str, object]) -> tuple[int, list[str]]:
    """One run with its kills: how many, and what is wrong with the result."""
    log = folder / "log"
    kills = 0
    while kills < MOST_KILLS:
        process = start(folder, log)
        deadline = time.monotonic() + rng.uniform(0.5, 6.0)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    else:
        process = start(folder, log)
        process.wait(timeout=300)
    if process.returncode != 0:
        return kills, [f"exit {process.returncode}: {log.read_text()[-500:]}"]
    return kills, problems(folder, log.read_text(), wanted)


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
