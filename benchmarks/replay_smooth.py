"""How well our samplers search smooth functions: sphere, Rosenbrock and Hartmann6, with relative noise.

Every budget is a search of its own. Shown is by how many powers of ten the true regret of what is recommended
lies below that of an ordinary point: 0 is no gain, 2 a hundredth of the way left.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from search.functions import FUNCTIONS, decades
from search.noise import Noise
from search.ours import Ours
from search.score import NOISY_BUDGETS, budgets
from search.session import search
from search.task import Key, Line, line

from autotune.core.registry import names, unknown
from search import kept, roster, runs, tables

NOISES = ("0%", "2%", "10%")
RIVAL = "tpe"


@dataclass(frozen=True, slots=True)
class Task:
    """A search of one function."""

    sampler: str
    function: str
    seed: int
    budget: int
    noise: str

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return (self.sampler, self.function, self.seed, self.budget, self.noise)

    def run(self) -> Line:
        """Makes it."""
        system, noise = FUNCTIONS[self.function], Noise.parse(self.noise)
        problem = system.problem(seed=self.seed, trials=self.budget, noise=None if noise.sd else 0.0)
        outcome = search(
            system,
            Ours(self.sampler, problem, noisy=noise.sd > 0),
            (self.budget,),
            measured=partial(noise.of, space=self.function, seed=self.seed),
        )
        said = {"sampler": self.sampler, "space": self.function, "seed": self.seed}
        return line({**said, "budget": self.budget, "noise": self.noise}, outcome)


def main() -> int:
    """Makes what is missing, prints a table for each noise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samplers", default="all", help="registered ones, with commas")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--noise", default=",".join(NOISES), help="with commas")
    parser.add_argument("--budget", type=int, default=NOISY_BUDGETS[-1], help="the largest")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=roster.ROOT / "reports" / "search-runs" / "smooth.jsonl")
    parser.add_argument("--keep", default="", help="name of a kept file in reports/search/")
    args = parser.parse_args()
    asked = (
        [n for n in names("samplers") if n != "grid"] if args.samplers == "all" else args.samplers.split(",")
    )
    for name in asked:
        if name not in names("samplers"):
            sys.exit(unknown("samplers", name))
    tasks = list(planned(args, asked))
    failed = runs.make(tasks, args.out, jobs=args.jobs)
    document = kept.document(scored(runs.lines(args.out), {task.key for task in tasks}), spent(args.budget))
    if args.keep:
        kept.write(args.keep, kept.joined(document, kept.read(args.keep)))
    for noise in document["runs"]:
        print(f"{noise} noise\n{tables.terminal(tables.smooth(document, noise, RIVAL))}\n")
    return 1 if failed else 0


def spent(last: int) -> tuple[int, ...]:
    """The budgets up to `last`."""
    return tuple(b for b in budgets(last) if b in NOISY_BUDGETS or b == last)


def planned(args: argparse.Namespace, samplers: Sequence[str]) -> Iterator[Task]:
    """The runs, seed by seed."""
    for seed in range(args.seeds):
        for noise in args.noise.split(","):
            for budget in spent(args.budget):
                for function in FUNCTIONS:
                    yield from (Task(name, function, seed, budget, noise) for name in samplers)


def scored(found: Sequence[Line], asked: set[Key]) -> list[dict[str, Any]]:
    """The runs that were asked for, with how far each came."""
    return [
        {**row, "gaps": {row["budget"]: round(decades(row["recommended"]), 4)}}
        for row in found
        if (row["sampler"], row["space"], row["seed"], row["budget"], row["noise"]) in asked
    ]


if __name__ == "__main__":
    sys.exit(main())
