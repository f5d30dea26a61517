"""What the pytest plug-in costs a session that does not use it: with and without it, in turns.

Each round runs one empty test in both ways, in an order that is drawn; shown are the medians and the
difference within rounds with its 95 % interval (of the median, by the binomial).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from scipy.stats import binom

WAYS = {"with": ("-p", "autotune.pytest_plugin"), "without": ()}


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_empty.py").write_text("def test_empty():\n    pass\n")
        for way in WAYS:
            seconds(folder, way)  # writes what Python compiles
        found: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(args.rounds):
            for way in random.sample(list(WAYS), 2):
                found[way].append(seconds(folder, way))
    differences = np.sort(np.subtract(found["with"], found["without"]))
    end = int(binom.ppf(0.025, args.rounds, 0.5))
    low, high = differences[end], differences[-1 - end]
    for way, times in found.items():
        print(f"{way:<8} {1000 * median(times):7.1f} ms")
    print(
        f"more     {1000 * median(differences):7.1f} ms  [{1000 * low:.1f}, {1000 * high:.1f}], "
        f"n = {args.rounds} rounds, {os.cpu_count()} CPUs"
    )
    return 0


def seconds(folder: str, way: str) -> float:
    """Wall time of one session."""
    words = [sys.executable, "-m", "pytest", *WAYS[way], "-q", "-p", "no:cacheprovider"]
    own = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    began = time.perf_counter()
    subprocess.run(words, cwd=folder, env=own, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
