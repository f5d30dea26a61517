"""How often the verdict errs, simulated over twelve kinds of noise, and whether each promise is kept.

Every comparison goes through the judge as in a run: coin-ordered pairs of neighbours in a series of runs,
looks at 1/4, 1/2, 3/4 and all of 40 pairs, a margin of 2 %. Durations: less is better.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from multiprocessing import Pool

import numpy as np
from verdict_cost import costs
from verdict_noise import METRIC, NOISES, comparison, standard_error

from autotune.judge.compare import Plan, compare
from autotune.model.verdict import Result, Verdict

PLAN = Plan(metric=METRIC, direction="minimize", margin=0.02, alpha=0.05, pairs=40)
CHUNK = 250
"""Comparisons per task of a process; each has a seed of its own, so that the figures are always the same."""

SIGMAS = 3
"""Monte-Carlo standard errors that a share may lie on the wrong side of its promise."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is simulated: the candidate takes `ratio` times as long, a pair's log ratio has `sd`."""

    ratio: float
    sd: float


@dataclass(frozen=True, slots=True)
class Promise:
    """A share of the comparisons under a truth, and what it must be at most, or else at least."""

    name: str
    truth: str
    counted: str
    bound: float
    at_most: bool

    def holds(self, share: float, count: int) -> bool:
        """Whether the share keeps it, within three Monte-Carlo standard errors of the bound."""
        allowed = SIGMAS * sqrt(self.bound * (1 - self.bound) / count)
        return share <= self.bound + allowed if self.at_most else share >= self.bound - allowed


TRUTHS = {
    "same": Truth(1.0, 0.10),
    "at the margin": Truth(1.02, 0.03),
    "5 % slower": Truth(1.05, 0.10),
}
PROMISES = (
    Promise("false alarm", "same", "different", 0.05, at_most=True),
    Promise("covers 0", "same", "covered", 0.94, at_most=False),
    Promise("wrong equiv.", "at the margin", "equivalent", 0.05, at_most=True),
    Promise("finds 5 %", "5 % slower", "worse", 0.80, at_most=False),
    Promise("covers 5 %", "5 % slower", "covered", 0.94, at_most=False),
)


def main() -> None:
    """Prints the table, and what a verdict costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6000, help="comparisons per noise and truth")
    parser.add_argument("--quick", action="store_true", help="500 of them: about a minute")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--noise", choices=NOISES, action="append", help="only this one (may be repeated)")
    args = parser.parse_args()
    count = 500 if args.quick else args.count
    began = time.monotonic()
    tasks = [
        (noise, truth, (args.seed, row, column, start), min(CHUNK, count - start))
        for row, noise in enumerate(NOISES)
        if noise in (args.noise or NOISES)
        for column, truth in enumerate(TRUTHS)
        for start in range(0, count, CHUNK)
    ]
    with Pool(args.processes) as pool:
        done = pool.starmap(simulated, tasks, chunksize=1)
    found: dict[tuple[str, str], Counter[str]] = {}
    for (noise, truth, *_), counts in zip(tasks, done, strict=True):
        found.setdefault((noise, truth), Counter()).update(counts)
    report(found, count)
    costs(PLAN)
    print(f"{time.monotonic() - began:.0f} s with {args.processes} processes")


def simulated(noise: str, truth: str, seed: Sequence[int], count: int) -> Counter[str]:
    """How many of `count` comparisons were answered how, what they covered, and the pairs they took."""
    random = np.random.default_rng(seed)
    true = TRUTHS[truth]
    found: Counter[str] = Counter()
    for _ in range(count):
        verdict = compare(comparison(noise, random, pairs=PLAN.pairs, sd=true.sd, ratio=true.ratio), PLAN)
        found.update(seen(verdict, true))
        found["pairs"] += verdict.looks[-1].pairs
    return found


def seen(verdict: Verdict, true: Truth) -> Iterable[str]:
    """The names under which the verdict counts."""
    yield str(verdict.result)
    if verdict.result in {Result.BETTER, Result.WORSE}:
        yield "different"
    effect = verdict.effect
    if effect is not None and effect.low <= 1 - true.ratio <= effect.high:
        yield "covered"


def report(found: dict[tuple[str, str], Counter[str]], count: int) -> None:
    """Prints the table with errors."""
    print(f"{platform.platform()}, {os.cpu_count()} CPUs; n = {count} comparisons per cell")
    print("per cent with the Monte-Carlo standard error; * breaks its promise by more than three of them")
    heads = [f"{p.name} {'<=' if p.at_most else '>='}{100 * p.bound:.0f}" for p in PROMISES]
    print(f"{'noise':<20}" + "".join(f"{head:>18}" for head in heads) + f"{'pairs: same, 5 %':>20}")
    broken = 0
    shown = [noise for noise in NOISES if (noise, "same") in found]
    for noise in shown:
        cells = []
        for promise in PROMISES:
            share = found[noise, promise.truth][promise.counted] / count
            held = promise.holds(share, count)
            broken += not held
            error = standard_error(round(share * count), count)
            cells.append(f"{100 * share:>11.2f} ±{100 * error:4.2f}{' ' if held else '*'}")
        taken = "  ".join(f"{found[noise, truth]['pairs'] / count:.1f}" for truth in ("same", "5 % slower"))
        print(f"{noise:<20}" + "".join(cells) + f"{taken:>20}", flush=True)
    print(f"{broken} of {len(shown) * len(PROMISES)} promises broken")


if __name__ == "__main__":
    main()
