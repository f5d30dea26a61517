"""Seconds for `import autotune` and `autotune --help`, beside a bare interpreter, interleaved in one run."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
COMMANDS = {
    "python -c pass": [PYTHON, "-c", "pass"],
    "import autotune": [PYTHON, "-c", "import autotune"],
    "autotune --help": [str(Path(PYTHON).with_name("autotune")), "--help"],
}


def main() -> None:
    """Prints a line for each command: median, quartiles and the ratio to the bare interpreter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - start)
    bare = statistics.median(seconds["python -c pass"])
    print(f"{os.uname().sysname} {os.uname().release}, {os.cpu_count()} CPUs, n = {rounds}")
    for name, values in seconds.items():
        low, middle, high = statistics.quantiles(values, n=4)
        print(
            f"{name:<18} {middle * 1e3:7.0f} ms  [{low * 1e3:.0f}, {high * 1e3:.0f}]  {middle / bare:5.1f} x"
        )


if __name__ == "__main__":
    main()
