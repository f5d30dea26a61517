"""Verdicts on simulated comparisons of 40 pairs."""

import numpy as np
from verdict_noise import METRIC, comparison

from autotune.judge.compare import Plan, compare

PLAN = Plan(metric=METRIC, direction="minimize", margin=0.02, alpha=0.05, pairs=40)
random = np.random.default_rng(1)
for noise in ("normal", "bursty", "quantised, coarse"):
    for _ in range(10):
        compare(comparison(noise, random, pairs=PLAN.pairs, sd=0.05, ratio=1.02), PLAN)
