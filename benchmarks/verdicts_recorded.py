"""What the verdict and other tools say of recorded runs of one command: nothing changed, or 5 % slower.

Each comparison takes 80 runs in a row from the record and calls some of them the candidate's: the later half
(blocked, AAAA BBBB, as the other tools run), or one of each two neighbours by a coin (interleaved, as
autotune runs). For the regression the candidate's durations are multiplied by 1.05. Every tool sees the same
samples; the verdict stops at the first look that answers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from verdict_noise import METRIC, paired, standard_error
from verdict_record import record

from autotune.judge.compare import Plan, compare

Floats: TypeAlias = NDArray[np.float64]
PLAN = Plan(metric=METRIC, direction="minimize", margin=0.02, alpha=0.05, pairs=40)
RUNS = 2 * PLAN.pairs
REGRESSION = 1.05
OURS = "autotune"
ORDERS = ("blocked", "interleaved")
_PEERS = Path(__file__).with_name("verdict_peers.py")
_STRETCHES = 10
"""Of the record; the error of a share is that of its mean over them, as runs near each other are alike."""


@dataclass(frozen=True, slots=True)
class Window:
    """80 runs in a row from `start` of the record, with the coins of their pairs."""

    start: int
    seconds: Floats
    coins: NDArray[np.bool_]

    def of_candidate(self, order: str) -> NDArray[np.bool_]:
        """(80,) which runs are the candidate's."""
        if order == "blocked":
            return np.arange(RUNS) >= PLAN.pairs
        return np.stack([~self.coins, self.coins], axis=1).ravel()

    def measured(self, order: str, ratio: float) -> Floats:
        """The durations, those of the candidate times `ratio`."""
        return self.seconds * np.where(self.of_candidate(order), ratio, 1.0)

    def arms(self, order: str, ratio: float) -> list[list[float]]:
        """The samples of baseline and candidate, each in the order of its runs."""
        seconds, chosen = self.measured(order, ratio), self.of_candidate(order)
        return [seconds[~chosen].tolist(), seconds[chosen].tolist()]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer (worse, better, same, ...), and the seconds of the runs that it took."""

    answer: str
    seconds: float


def main() -> None:
    """Records or reads the runs, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, default=Path("reports/verdicts-record.json"))
    parser.add_argument("--replay", type=Path, help="a record to read in place of making one")
    parser.add_argument("--runs", type=int, default=6000)
    parser.add_argument("--comparisons", type=int, default=400)
    parser.add_argument("--peers", default=".venv-peers/bin/python", help="Python of the other tools")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    seconds = replayed(args.replay) if args.replay else recorded(args.record, args.runs)
    describe(seconds)
    random = np.random.default_rng(args.seed)
    windows = [drawn(seconds, random) for _ in range(args.comparisons)]
    print(f"{len(windows)} comparisons of {PLAN.pairs} + {PLAN.pairs} samples, seed {args.seed}")
    print(f"per cent ± error over {_STRETCHES} stretches of the record; machine seconds to the answer")
    heads = f"{'false alarm':>14}{'missed 5 %':>14}{'called faster':>15}{'s, same':>10}{'s, 5 %':>10}"
    print(f"{'':<34}{'order':<13}{heads}")
    row(OURS, "interleaved", windows, {ratio: ours(windows, ratio) for ratio in (1.0, REGRESSION)})
    for order in ORDERS:
        answers = {ratio: peers(windows, order, ratio, args.peers) for ratio in (1.0, REGRESSION)}
        for name in answers[1.0]:
            row(name, order, windows, {ratio: said[name] for ratio, said in answers.items()})


def recorded(path: Path, runs: int) -> Floats:
    """A new record, also written to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        seconds = record(runs, Path(folder))
    path.write_text(json.dumps({"machine": platform.platform(), "seconds": seconds}))
    return np.array(seconds)


def replayed(path: Path) -> Floats:
    """The durations of an earlier record."""
    return np.array(json.loads(path.read_text())["seconds"])


def describe(seconds: Floats) -> None:
    """Prints what the record is like."""
    ranks = seconds.argsort().argsort()
    memory = np.corrcoef(ranks[1:], ranks[:-1])[0, 1]
    logs = np.log(seconds[: len(seconds) // 2 * 2].reshape(-1, 2))
    spread = float(np.std(logs[:, 1] - logs[:, 0]))
    print(f"{platform.platform()}, {os.cpu_count()} CPUs; {len(seconds)} runs, {seconds.sum():.0f} s")
    low, middle, high = 1000 * np.quantile(seconds, (0.05, 0.5, 0.95))
    print(f"median {middle:.1f} ms, 5 to 95 %: {low:.1f} to {high:.1f} ms", end=", ")
    print(f"coefficient of variation {100 * seconds.std() / seconds.mean():.0f} %", end=", ")
    print(f"rank autocorrelation {memory:.2f}, sd of a pair's log ratio {100 * spread:.0f} %")


def drawn(seconds: Floats, random: np.random.Generator) -> Window:
    """A stretch of the record at random, with coins."""
    start = int(random.integers(len(seconds) - RUNS + 1))
    coins = random.integers(2, size=PLAN.pairs).astype(bool)
    return Window(start, seconds[start : start + RUNS], coins)


def ours(windows: Sequence[Window], ratio: float) -> list[Said]:
    """The verdict on each window, and the seconds of the pairs up to the look that gave it."""
    said = []
    for window in windows:
        runs = window.measured("interleaved", ratio)
        verdict = compare(paired(runs.reshape(-1, 2), window.coins), PLAN)
        said.append(Said(str(verdict.result), float(runs[: 2 * verdict.looks[-1].pairs].sum())))
    return said


def peers(windows: Sequence[Window], order: str, ratio: float, python: str) -> dict[str, list[Said]]:
    """Each tool's answers to the windows; all of their samples are used."""
    asked = json.dumps([window.arms(order, ratio) for window in windows])
    command = [python, str(_PEERS)]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    answers = json.loads(done.stdout)
    taken = [float(window.measured(order, ratio).sum()) for window in windows]
    return {
        name: [Said(answer[name], s) for answer, s in zip(answers, taken, strict=True)] for name in answers[0]
    }


def row(name: str, order: str, windows: Sequence[Window], said: dict[float, list[Said]]) -> None:
    """Prints a tool's line."""
    starts = np.array([window.start for window in windows])
    alarms = np.array([s.answer not in {"same", "equivalent", "undecided"} for s in said[1.0]])
    missed = np.array([s.answer != "worse" for s in said[REGRESSION]])
    faster = np.array([s.answer == "better" for s in said[REGRESSION]])
    cells = "".join(f"{share(hits, starts):>14}" for hits in (alarms, missed))
    cells += f"{share(faster, starts):>15}"
    seconds = "".join(f"{np.mean([s.seconds for s in said[ratio]]):>10.2f}" for ratio in (1.0, REGRESSION))
    print(f"{name:<34}{order:<13}{cells}{seconds}", flush=True)


def share(hits: NDArray[np.bool_], starts: NDArray[np.int_]) -> str:
    """The share in per cent with its error: binomial or between stretches of the record, the larger."""
    stretch = np.minimum(starts * _STRETCHES // (starts.max() + 1), _STRETCHES - 1)
    parts = [hits[stretch == part].mean() for part in range(_STRETCHES) if (stretch == part).any()]
    between = float(np.std(parts, ddof=1)) / sqrt(len(parts))
    error = max(between, standard_error(int(hits.sum()), len(hits)))
    return f"{100 * hits.mean():.1f} ±{100 * error:4.1f}"


if __name__ == "__main__":
    main()
