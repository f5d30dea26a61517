"""How often `autotune compare` is right beside a neighbour that loads one core in bursts.

Tries with a true difference (one command takes 10 % longer than the other), and tries with equal commands.
Each try is one `autotune compare` of two Python one-liners by wall time (or --metric cpu_s), at most 40
pairs, with a seed of its own. What else the machine did meanwhile is printed with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOOPS = 700_000
"""Some 60 to 100 ms of one core."""

APART = 0.1
"""Of the whole command; its loop differs by more, since starting the interpreter takes the same for both."""

BURSTS = """
import random, time
random.seed(1)
while True:
    end = time.monotonic() + random.uniform(0.2, 2)
    while time.monotonic() < end:
        pass
    time.sleep(random.uniform(0.2, 2))
"""


def main() -> None:
    """Prints one line for each try, then how many were decided rightly and how many wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--different", type=int, default=10, help="tries with a difference of 10 %%")
    parser.add_argument("--equal", type=int, default=20, help="tries with equal commands")
    parser.add_argument("--pairs", type=int, default=40, help="pairs at most")
    parser.add_argument("--metric", default="wall_s", help="what is compared (wall_s)")
    options = parser.parse_args()
    start = time.monotonic()
    more = loop_share()
    print(f"a loop {more - 1:.1%} longer makes the whole command {APART:.0%} longer")
    with bursts(), tempfile.TemporaryDirectory() as folder:
        different = [different_try(seed, more, options, folder) for seed in range(options.different)]
        equal = [a_try(1.0, 1.0, 100 + seed, options, folder) for seed in range(options.equal)]
    right = sum(answer == wanted for wanted, answer in different)
    wrong = sum(answer in {"better", "worse"} and answer != wanted for wanted, answer in different)
    false = sum(answer in {"better", "worse"} for answer in equal)
    print(f"{os.cpu_count()} CPUs, kernel {platform.release()}, {time.monotonic() - start:.0f} s")
    print(f"10 % apart: {right} of {len(different)} decided rightly, {wrong} wrongly")
    print(f"equal: {false} of {len(equal)} called different; {dict(Counter(equal))}")


def loop_share() -> float:
    """The loop, as a multiple of the usual one, that makes the whole command longer by what they are apart.

    By the medians of 15 runs each of the command and of one without turns, before the neighbour begins.
    """
    whole, empty = ([], [])
    for _ in range(15):
        for times, seconds in ((1.0, whole), (0.0, empty)):
            began = time.monotonic()
            subprocess.run(shlex.split(loop(times)), check=True)
            seconds.append(time.monotonic() - began)
    total, fixed = statistics.median(whole), statistics.median(empty)
    return 1 + APART * total / (total - fixed)


def different_try(seed: int, more: float, options: argparse.Namespace, folder: str) -> tuple[str, str]:
    """The answer that is right, and the one that was given; B is slower in every other try."""
    if seed % 2:
        return "better", a_try(more, 1.0, seed, options, folder)
    return "worse", a_try(1.0, more, seed, options, folder)


def a_try(a: float, b: float, seed: int, options: argparse.Namespace, folder: str) -> str:
    """The verdict on two loops, `a` and `b` times as long as the usual one."""
    words = ["compare", "--json", "--same", "--seed", str(seed), "--pairs", str(options.pairs)]
    words += ["--metric", options.metric, "--"]
    done = subprocess.run(
        [Path(sys.executable).with_name("autotune"), *words, loop(a), loop(b)],
        cwd=folder,
        env={**os.environ, "AUTOTUNE_STATE": folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return told(json.loads(done.stdout), a, b)


def told(found: dict[str, Any], a: float, b: float) -> str:
    """The answer, after a line with its figures was printed."""
    verdict, effect = found["verdict"], found["verdict"]["effect"]
    rows = {row["name"]: row["a"] for row in found["rows"]}
    busy = sum(rows["foreign_cpu_s"]) / sum(rows["host_cpu_s"])
    pairs = verdict["looks"][-1]["pairs"]
    first = found["verdict_without_reruns"] or verdict
    estimate, low, high = (100 * effect[name] for name in ("estimate", "low", "high"))
    print(
        f"a {a:.2f}  b {b:.2f}  {verdict['result']:<10} {pairs:>2} pairs  "
        f"effect {estimate:+6.1f} % [{low:+6.1f}, {high:+6.1f}]  "
        f"others used {busy:.0%} of the CPUs  first runs alone: {first['result']}",
        flush=True,
    )
    return str(verdict["result"])


def loop(times: float) -> str:
    """A command whose work is `times` the usual one."""
    return f"{sys.executable} -I -S -c 'for n in range({round(LOOPS * times)}): n * n'"


@contextmanager
def bursts() -> Iterator[None]:
    """A neighbour meanwhile: bursts of 0.2 to 2 s on one core, with pauses as long."""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", BURSTS]) as process:
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    main()
