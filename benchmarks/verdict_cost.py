"""CPU seconds of one verdict, by the number of pairs."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from verdict_noise import Floats, paired

from autotune.judge.compare import Plan, compare

SIZES = (40, 1_000, 10_000, 100_000)
_SD = 0.1
_REPEATS = 5


def costs(plan: Plan) -> None:
    """Prints a line per size for pairs that no look answers, and for some that the first one does."""
    print(f"CPU seconds of one verdict (n = {_REPEATS}: median, least to most)")
    random = np.random.default_rng(1)
    for pairs in SIZES:
        coins = random.integers(2, size=pairs).astype(bool)
        wild = 10 ** random.uniform(-150, 150, (pairs, 2))
        plain = np.exp(random.normal(0, _SD, (pairs, 2)))
        print(f"{pairs:>9,} pairs: no answer {_cost(wild, coins, plan)}; same {_cost(plain, coins, plan)}")


def _cost(seconds: Floats, coins: np.ndarray, plan: Plan) -> str:
    pairs, plan = paired(seconds, coins), replace(plan, pairs=len(coins))
    compare(pairs, plan)  # the first one loads what it needs
    took = []
    for _ in range(_REPEATS):
        began = time.process_time()
        compare(pairs, plan)
        took.append(time.process_time() - began)
    return f"{np.median(took):.3f} ({min(took):.3f} to {max(took):.3f})"
