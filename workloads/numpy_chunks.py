"""Element-wise arithmetic on arrays that do not fit into the cache, piece by piece.

`run` is what autotune measures. As a script it compares what was returned with plain Python:
python numpy_chunks.py RETURNED.json
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import numpy as np

ELEMENTS = 3_000_000
PASSES = 5
PROBES = 500
TOLERANCE = 1e-6
"""What float32 in between may cost. float64 stays a thousand million times below it."""


def inputs() -> tuple[np.ndarray, np.ndarray]:
    """The same two arrays each time."""
    rng = np.random.default_rng(11)
    return rng.random(ELEMENTS), rng.random(ELEMENTS)


def probes() -> np.ndarray:
    """Places that are compared."""
    return np.random.default_rng(12).integers(0, ELEMENTS, PROBES)


def run(chunk: int, in_place: bool, scratch: str) -> dict[str, float | list[float]]:  # noqa: FBT001
    """Seconds for each element and pass, and the results at some places."""
    x, y = inputs()
    out = np.empty(ELEMENTS)
    kind = np.dtype(scratch)
    compute = Reused(chunk, kind) if in_place else fresh(kind)
    compute(x[:chunk], y[:chunk], out[:chunk])
    start = time.perf_counter()
    for _ in range(PASSES):
        for first in range(0, ELEMENTS, chunk):
            part = slice(first, first + chunk)
            compute(x[part], y[part], out[part])
    seconds = time.perf_counter() - start
    return {"ns": 1e9 * seconds / (PASSES * ELEMENTS), "found": out[probes()].tolist()}


def fresh(kind: np.dtype):  # noqa: ANN201
    """The formula as one writes it: a new array for each step."""

    def compute(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
        x, y = x.astype(kind, copy=False), y.astype(kind, copy=False)
        out[:] = (3 * x * y - 2 * y + 1) / np.sqrt(x * x + y * y + 1)

    return compute


class Reused:
    """The same formula, each step written into one of two arrays that are made once."""

    def __init__(self, chunk: int, kind: np.dtype) -> None:
        self.upper, self.lower = np.empty(chunk, kind), np.empty(chunk, kind)
        self.kind = kind

    def __call__(self, x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
        """Computes one piece."""
        x, y = x.astype(self.kind, copy=False), y.astype(self.kind, copy=False)
        upper, lower = self.upper[: len(x)], self.lower[: len(x)]
        np.multiply(x, 3, out=upper)
        np.multiply(upper, y, out=upper)
        np.multiply(y, 2, out=lower)
        np.subtract(upper, lower, out=upper)
        np.add(upper, 1, out=upper)
        np.multiply(x, x, out=lower)
        np.multiply(y, y, out=out)
        np.add(lower, out, out=lower, casting="same_kind")
        np.add(lower, 1, out=lower)
        np.sqrt(lower, out=lower)
        np.divide(upper, lower, out=out)


def check(returned: Path) -> None:
    """Ends with 1 where a result is further from the true one than TOLERANCE."""
    x, y = inputs()
    found = json.loads(returned.read_text(encoding="utf-8"))["found"]
    for place, value in zip(probes().tolist(), found, strict=True):
        a, b = float(x[place]), float(y[place])
        true = (3 * a * b - 2 * b + 1) / math.sqrt(a * a + b * b + 1)
        if not abs(value - true) <= TOLERANCE:
            sys.exit(f"element {place} is {value!r}, should be {true!r}")


if __name__ == "__main__":
    check(Path(sys.argv[1]))
