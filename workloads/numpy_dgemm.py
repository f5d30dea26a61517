"""Products of small matrices by the BLAS of numpy, one after the other, as simulations and filters need them.

`run` is what autotune measures. As a script it compares what was returned with exact sums:
python numpy_dgemm.py RETURNED.json
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import numpy as np

SIZE = 64
SECONDS = 0.6
BATCH = 500
"""Products between two looks at the clock: some 5 ms."""

PROBES = 40
_TOLERANCE = SIZE * np.finfo(np.float64).eps
"""Bound of the relative error of a sum of so many positive products, in any order (Higham 2002, 3.1)."""


def inputs() -> tuple[np.ndarray, np.ndarray]:
    """The same two matrices each time, row by row."""
    rng = np.random.default_rng(5)
    return rng.random((SIZE, SIZE)), rng.random((SIZE, SIZE))


def probes() -> list[list[int]]:
    """Rows and columns that are compared."""
    return np.random.default_rng(6).integers(0, SIZE, (PROBES, 2)).tolist()


def run(order_a: str, order_b: str, order_out: str) -> dict[str, float | list[float]]:
    """Floating point operations per second, in thousand millions, and some elements of the product."""
    a, b = inputs()
    a, b = np.asarray(a, order=order_a), np.asarray(b, order=order_b)
    out = np.empty((SIZE, SIZE), order=order_out)
    np.matmul(a, b, out=out)
    count, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < SECONDS:
        for _ in range(BATCH):
            np.matmul(a, b, out=out)
        count += BATCH
    found = [float(out[row, column]) for row, column in probes()]
    return {"gflops": 2e-9 * SIZE**3 * count / seconds, "found": found}


def check(returned: Path) -> None:
    """Ends with 1 where an element is further from the exact sum than rounding explains."""
    a, b = inputs()
    found = json.loads(returned.read_text(encoding="utf-8"))["found"]
    for (row, column), value in zip(probes(), found, strict=True):
        true = math.fsum(x * y for x, y in zip(a[row].tolist(), b[:, column].tolist(), strict=True))
        if not abs(value - true) <= _TOLERANCE * true:
            sys.exit(f"element {row}, {column} is {value!r}, should be {true!r}")


if __name__ == "__main__":
    check(Path(sys.argv[1]))
