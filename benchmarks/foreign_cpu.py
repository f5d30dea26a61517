"""What a foreign process on one core takes from the quickstart workload, by the share of the core it uses.

Duty cycles are interleaved in rounds, each round in an order of its own, so that whatever else the machine
does falls on all of them alike; a sample counts as a ratio to its round's median. Intervals are percentiles
of 2,000 bootstrapped sets of rounds.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autotune.flow.bench import Bench
from autotune.flow.host import Host
from autotune.judge.disturbance import disturbance
from autotune.measure.command import CommandDriver
from autotune.measure.launcher import Launcher
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.study.load import load

STUDY = Path(__file__).parents[1] / "studies" / "quickstart.yaml"
DUTIES = (0, 2, 5, 10, 20, 40)
"""Per cent of one core."""
CORE = 0
Floats: TypeAlias = NDArray[np.float64]
_APART = 10
"""Duty cycles that differ by less say little about the loss per duty."""
_SETS = 2000

BURNER = """
import os, sys, time
parent, duty, period = os.getppid(), float(sys.argv[1]) / 100, 0.02
os.sched_setaffinity(0, {int(sys.argv[2])})
while os.getppid() == parent:  # ends with the benchmark, however that ends
    began, until = time.monotonic(), time.process_time() + duty * period
    while time.process_time() < until:
        pass
    time.sleep(max(0.0, period - (time.monotonic() - began)))
"""


def main() -> None:
    """Prints tps against none for each duty cycle, and the loss per 10 % of a core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)  # noqa: S311  an order, no secret
    study = load(STUDY, facts={})
    with tempfile.TemporaryDirectory(dir=STUDY.parent) as folder, Launcher() as launcher:
        bench = on_bench(study, Path(folder), launcher)
        bench.sample(study.baseline, trial=-1)  # the first one fills caches
        rounds = [one_round(bench, rng) for _ in range(args.rounds)]
    print(f"kernel {os.uname().release}, {os.cpu_count()} CPUs, {args.rounds} rounds, seed {args.seed}")
    report(np.log([[sample.metrics["tps"] for sample in taken] for taken in rounds]))
    foreign = np.array([[share(sample) for sample in taken] for taken in rounds])
    disturbed = np.array([[disturbance(sample) is not None for sample in taken] for taken in rounds])
    print("foreign CPU, median for each duty cycle:", np.round(np.median(foreign, axis=0), 3))
    print("samples called disturbed:", disturbed.sum(axis=0))


def on_bench(study: Study, folder: Path, launcher: Launcher) -> Bench:
    """The bench that a run of the study measures on."""
    return Bench(
        workload=study.workload,
        baseline=study.baseline,
        launcher=launcher,
        driver=CommandDriver(),
        host=Host(print),
        scratch=folder,
        seed=study.sampler.seed,
        secrets=frozenset(),
        note=print,
    )


def one_round(bench: Bench, rng: random.Random) -> list[Sample]:
    """A sample under each duty cycle, measured in an order drawn for this round."""
    taken = {}
    for duty in rng.sample(DUTIES, len(DUTIES)):
        with burning(duty):
            taken[duty] = bench.sample(bench.baseline, trial=-1)
        if taken[duty].state is not State.OK:
            sys.exit(f"a sample failed: {taken[duty].reason}")
    return [taken[duty] for duty in DUTIES]


@contextmanager
def burning(duty: int) -> Iterator[None]:
    """A process that uses `duty` per cent of one core meanwhile; none for 0."""
    if not duty:
        yield
        return
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", BURNER, str(duty), str(CORE)]) as process:
        try:
            yield
        finally:
            process.kill()


def share(sample: Sample) -> float:
    """Foreign CPU as a share of all CPUs' time."""
    seen = {resource.name: resource.value or 0.0 for resource in sample.resources}
    return seen["foreign_cpu_s"] / seen["host_cpu_s"]


def report(logs: Floats) -> None:
    """The table from the (rounds, duties) logarithms of tps."""
    against = logs - np.median(logs, axis=1, keepdims=True)
    for place, duty in enumerate(DUTIES):
        ratios = np.exp(against[:, place] - np.median(against[:, 0]))
        low, high = interval(against, partial(ratio, place=place))
        quartiles = np.round(np.quantile(ratios, (0.25, 0.75)), 3)
        middle = ratio(against, place=place)
        print(f"{duty:3} %  tps {middle:.3f} [{low:.3f}, {high:.3f}], quartiles {quartiles}")
    low, high = interval(logs, loss)
    print(f"a process that uses 10 % of a core costs {loss(logs):.1f} % [{low:.1f}, {high:.1f}]")


def ratio(against: Floats, *, place: int) -> float:
    """Median under a duty cycle against the median without a burner."""
    return float(np.exp(np.median(against[:, place]) - np.median(against[:, 0])))


def loss(logs: Floats) -> float:
    """Per cent of tps that 10 % of a core cost: the median slope between samples of the same round."""
    duties = np.array(DUTIES, dtype=float)
    one, other = np.nonzero(duties[None, :] - duties[:, None] >= _APART)
    slopes = (logs[:, other] - logs[:, one]) / (duties[other] - duties[one])
    return float(-1000 * np.median(slopes))


def interval(logs: Floats, figure: Callable[[Floats], float]) -> tuple[float, float]:
    """95 % interval of a figure over rounds drawn with replacement."""
    random = np.random.default_rng(1)
    drawn = [figure(logs[random.integers(0, len(logs), len(logs))]) for _ in range(_SETS)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


if __name__ == "__main__":
    main()
