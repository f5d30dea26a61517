"""How often a validation errs where disturbed pairs are run again: simulated, judged by autotune's own code.

Rules: `first` judges the first runs alone, `second` lets a pair's second run stand for its first, `both`
is autotune's: the answer has to be the same either way. A/A has no true difference and no margin, so that
nothing but the looks keeps errors down (nominal 2.5 % better, 2.5 % worse); the true gain is judged with the
study's margin. Pairs, looks and margin are those of the quickstart study; its limits are left out.

Each confirmation is judged once, with all its pairs: the first look that answers stands, so the answer is
the one at which the run would have stopped.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import log1p, sqrt
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autotune.judge.confirmed import as_first_run, judged, plan_for
from autotune.judge.looks import looks
from autotune.judge.rerun import reruns
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.study import Study
from autotune.model.trial import Resource, Sample, State
from autotune.model.verdict import Result
from autotune.study.load import load

Floats: TypeAlias = NDArray[np.float64]
Scheme: TypeAlias = Callable[[np.random.Generator, Floats], tuple[Floats, Floats]]
"""From (n, pairs, 2 arms) standard normal values: what a disturbance leaves of them, the foreign CPU seen."""

STUDY = Path(__file__).parents[1] / "studies" / "quickstart.yaml"
GAIN = 0.05
PAIR_SD = 0.08
"""Of a quiet pair's log ratio: such that a gain of 5 % is not always found."""
SHARED_SD = 0.1
"""Of what both samples of a pair have in common (log)."""
RULES = ("first", "second", "both")
Z = 1.959964
"""Normal quantile of a 95 % interval."""


def hit(baseline: float, candidate: float) -> Scheme:
    """Neighbours hit samples of each arm with a chance; a hit costs 1 to 3 sd (6 to 17 %), and shows."""

    def scheme(random: np.random.Generator, values: Floats) -> tuple[Floats, Floats]:
        struck = random.random(values.shape) < np.array((baseline, candidate))
        loss = np.where(struck, random.uniform(1, 3, values.shape), 0.0)
        return values - loss, 0.1 * loss

    return scheme


def shown(baseline: float, candidate: float) -> Scheme:
    """Each arm shows foreign CPU with a chance, without any change of the value."""

    def scheme(random: np.random.Generator, values: Floats) -> tuple[Floats, Floats]:
        struck = random.random(values.shape) < np.array((baseline, candidate))
        return values, np.where(struck, random.uniform(0.1, 0.3, values.shape), 0.0)

    return scheme


def marked(baseline: float, candidate: float) -> Scheme:
    """The slowest fifth of an arm shows foreign CPU, the more the slower; 0: none, -1: its fastest fifth."""

    def scheme(_: np.random.Generator, values: Floats) -> tuple[Floats, Floats]:
        slow = -values * np.array((baseline, candidate))
        return values, np.where(slow > 0.84, 0.1 * slow, 0.0)

    return scheme


SCHEMES: dict[str, Scheme] = {
    "neighbours hit both arms alike": hit(0.2, 0.2),
    "neighbours hit the candidate more": hit(0.1, 0.4),
    "neighbours hit the baseline more": hit(0.4, 0.1),
    "slow samples of both arms show it": marked(1, 1),
    "candidate makes it, value unchanged": shown(0.1, 0.5),
    "slow samples of the candidate show it": marked(0, 1),
    "fast samples of the candidate show it": marked(0, -1),
}


def main() -> None:
    """Prints the share of verdicts with Wilson intervals, a line for each scheme and rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="validations per cell")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    study = replace(load(STUDY, facts={}), limits=())
    free = replace(study, validation=replace(study.validation, min_gain=0.0))
    print(f"n = {args.count} per cell, {study.validation.pairs} pairs, per cent with 95 % intervals")
    print(f"{'foreign CPU':38} {'rule':7} {'A/A better':17} {'A/A worse':17} {'+5 %: better':19} again")
    for number, scheme in enumerate(SCHEMES.values()):
        seeds = [np.random.default_rng([args.seed, number, kind]) for kind in (0, 1)]
        same, again = tally(free, confirmations(free, scheme, seeds[0], args.count, gain=0.0))
        gained, _ = tally(study, confirmations(study, scheme, seeds[1], args.count, gain=GAIN))
        for rule in RULES:
            cells = (same[rule, Result.BETTER], same[rule, Result.WORSE], gained[rule, Result.BETTER])
            shares = "  ".join(wilson(hits, args.count) for hits in cells)
            print(f"{list(SCHEMES)[number]:38} {rule:7} {shares}  {again:.1f}", flush=True)
    print(f"{time.process_time():.0f} s of CPU time")


def confirmations(
    study: Study, scheme: Scheme, random: np.random.Generator, count: int, *, gain: float
) -> Iterator[Confirmation]:
    """`count` confirmations as a run records them: the pairs, then those that the judge has run again."""
    pairs = study.validation.pairs
    values, foreign = scheme(random, random.normal(size=(2 * count, pairs, len(ARMS))))
    common = random.normal(0, SHARED_SD, (2 * count, pairs, 1))
    tps = 1000 * np.exp(common + values * PAIR_SD / sqrt(2) + np.array((0.0, log1p(gain))))
    plan = Confirmation(attempt=0, trial=0, config={}, alpha=0.05, pairs=pairs)
    for one, two in zip(range(count), range(count, 2 * count), strict=True):
        first = [s for pair in range(pairs) for s in both_arms(pair, tps[one], foreign[one], take=0)]
        begun = replace(plan, samples=tuple(first))
        again = [pair for look in looks(pairs) for pair in reruns(begun, look)]
        second = [s for pair in again for s in both_arms(pair, tps[two], foreign[two], take=1)]
        yield replace(plan, samples=(*first, *second))


def both_arms(pair: int, tps: Floats, foreign: Floats, *, take: int) -> Iterator[PairedSample]:
    """The samples of one run of a pair."""
    for order, arm in enumerate(ARMS):
        sample = Sample(
            state=State.OK,
            metrics={"tps": float(tps[pair, order])},
            resources=resources(float(foreign[pair, order])),
        )
        yield PairedSample(attempt=0, pair=pair, arm=arm, order=order, take=take, sample=sample)


def resources(share: float) -> tuple[Resource, ...]:
    """What a sample of 10 s of all CPUs' time knows of the others, who used `share` of it."""
    seconds = {"cpu_s": 1.0, "foreign_cpu_s": 10 * share, "steal_s": 0.0, "host_cpu_s": 10.0}
    return tuple(
        Resource(name=name, value=value, unit="s", source="", quality="exact")
        for name, value in seconds.items()
    )


def tally(study: Study, done: Iterator[Confirmation]) -> tuple[Counter[tuple[str, Result]], float]:
    """How often each rule gives each result, and the mean number of pairs run again."""
    found: Counter[tuple[str, Result]] = Counter()
    again = []
    for confirmation in done:
        alone = replace(confirmation, samples=tuple(replace(s, take=0) for s in confirmation.used))
        second = judged(study, alone)
        first = as_first_run(plan_for(study, confirmation), confirmation)
        verdicts = (first or second, second, judged(study, confirmation))
        found.update((rule, verdict.result) for rule, verdict in zip(RULES, verdicts, strict=True))
        again.append(len(confirmation.samples) / len(ARMS) - confirmation.pairs)
    return found, float(np.mean(again))


def wilson(hits: int, count: int) -> str:
    """The share in per cent with its 95 % interval (Wilson 1927)."""
    share, tail = hits / count, Z * Z / count
    middle = (share + tail / 2) / (1 + tail)
    half = Z * sqrt(share * (1 - share) / count + tail / (4 * count)) / (1 + tail)
    return f"{100 * share:4.1f} [{100 * (middle - half):4.1f}, {100 * (middle + half):4.1f}]"


if __name__ == "__main__":
    main()
