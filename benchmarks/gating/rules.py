"""Gates simulated over kinds of noise: the judge of `autotune gate`, and the peers' rules.

Ours measures coin-ordered pairs of neighbours in a series of runs, up to 40, twice before it is red. A peer
measures a block of base and then one of head in such a series (asv: two of each in turn), as in a job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from multiprocessing import Pool
from typing import Any

import numpy as np
from verdict_noise import METRIC, NOISES, comparison, spread

from autotune.judge.gate import ALPHA, gated
from autotune.judge.plan import Pair, Plan
from autotune.model.gate import Answer
from autotune.model.run import ARMS, Confirmation, PairedSample
from autotune.model.trial import Sample, State
from gating import kept, tools

PLAN = Plan(metric=METRIC, direction="minimize", margin=kept.LIMIT, alpha=ALPHA, pairs=40)
ROUNDS = 2
SD = 0.05
"""Of a pair's log ratio."""

CHOSEN = ("normal", "lognormal", "bimodal", "autocorrelated 0.7", "bursty", "drifting")
RUNS = {"pytest-benchmark": 10, "pytest-codspeed": 10, "asv": 20, "hyperfine": 10}
"""Samples of each arm that a tool takes of a command of a tenth of a second, by its defaults."""

CHUNK = 50


def run(count: int, processes: int) -> None:
    """Simulates what is not kept, and keeps it."""
    known = kept.read("rules")
    cells: dict[str, Any] = known.get("cells", {}) if known.get("count") == count else {}
    for noise in CHOSEN:
        for truth in kept.TRUTHS:
            key = f"{noise}|{truth}"
            if key not in cells:
                cells[key] = {
                    "autotune": _ours(noise, truth, count, processes),
                    **_theirs(noise, truth, count),
                }
                kept.write("rules", {"count": count, "sd": SD, "versions": tools.versions(), "cells": cells})
                print(key, cells[key], flush=True)


def _ours(noise: str, truth: float, count: int, processes: int) -> dict[str, int]:
    seed = (CHOSEN.index(noise), kept.TRUTHS.index(truth))
    tasks = [(noise, truth, (*seed, start), min(CHUNK, count - start)) for start in range(0, count, CHUNK)]
    with Pool(processes) as pool:
        return dict(sum(pool.starmap(_some, tasks, chunksize=1), Counter()))


def _some(noise: str, truth: float, seed: Sequence[int], count: int) -> Counter[str]:
    random = np.random.default_rng(seed)
    found: Counter[str] = Counter()
    for _ in range(count):
        answer, runs = _gate(noise, truth, random)
        found[_COLOURS[answer]] += 1
        found["runs"] += runs
    return found


_COLOURS = {Answer.PASS: "green", Answer.FAIL: "red", Answer.UNDECIDED: "undecided"}


def _gate(noise: str, truth: float, random: np.random.Generator) -> tuple[Answer, int]:
    """The answer of a gate, and the runs that it took."""
    runs = 0
    for number in range(ROUNDS):
        pairs = comparison(noise, random, pairs=PLAN.pairs, sd=SD, ratio=truth)
        verdict = gated(_confirmation(pairs), PLAN)
        runs += 2 * verdict.pairs
        if verdict.answer is not Answer.FAIL:
            return (Answer.UNDECIDED if number else verdict.answer), runs
    return Answer.FAIL, runs


def _confirmation(pairs: Sequence[Pair]) -> Confirmation:
    samples = []
    for number, pair in enumerate(pairs):
        for order, arm in enumerate(ARMS if pair.baseline_first else ARMS[::-1]):
            metrics = pair.baseline if arm == "baseline" else pair.candidate
            sample = Sample(state=State.OK, metrics=metrics or {})
            samples.append(PairedSample(attempt=0, pair=number, arm=arm, order=order, sample=sample))
    return Confirmation(
        attempt=0, trial=-1, config={}, alpha=PLAN.alpha, pairs=len(pairs), samples=tuple(samples)
    )


def _theirs(noise: str, truth: float, count: int) -> dict[str, dict[str, int]]:
    random = np.random.default_rng((99, CHOSEN.index(noise), kept.TRUTHS.index(truth)))
    asked = [
        (tool, *_blocks(noise, truth, runs, random, turns=2 if tool == "asv" else 1))
        for tool, runs in RUNS.items()
        for _ in range(count)
    ]
    found = tools.red(asked)
    return {
        tool: {
            "red": (hits := sum(found[i * count : (i + 1) * count])),
            "green": count - hits,
            "runs": 2 * runs * count,
        }
        for i, (tool, runs) in enumerate(RUNS.items())
    }


def _blocks(
    noise: str, truth: float, runs: int, random: np.random.Generator, *, turns: int
) -> tuple[list[float], list[float]]:
    """Seconds of base and head, measured in blocks that take turns at the beginning of a series like ours."""
    logs = NOISES[noise].draw(random, 1, 2 * PLAN.pairs)[0, : 2 * runs] * (SD / spread(noise))
    blocks = np.split(np.exp(logs), 2 * turns)
    base, head = np.concatenate(blocks[::2]), np.concatenate(blocks[1::2]) * truth
    return base.tolist(), head.tolist()
