"""How well samplers search recorded systems, beside other optimisers, with and without noise.

Scores are the share of random search's remaining gap that is closed, in pairs by space and seed; see
`docs/explanation/search.md`. Runs are lines of JSON in `--out`; what is there is not made again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from search.noise import Noise
from search.recorded import Recorded, read_all
from search.score import BUDGETS, NOISY_BUDGETS, budgets
from search.task import Task

from autotune.core.errors import AutotuneError
from autotune.core.registry import names, unknown
from search import kept, roster, runs, tables, variants


def main() -> int:
    """Makes what is missing, prints the tables."""
    args = parsed()
    samplers = wanted(args)
    tasks = list(planned(args, samplers))
    failed = 0 if args.show else runs.make(tasks, args.out, jobs=args.jobs)
    systems = read_all(args.data)
    show(args, systems, {task.key for task in tasks})
    return 1 if failed else 0


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of recorded systems")
    parser.add_argument("--samplers", default="auto", help="registered ones, with commas; or all, or none")
    parser.add_argument("--peers", default="", help=f"with commas, or all: {', '.join(roster.PEERS)}")
    parser.add_argument("--spaces", default="", help="only these, with commas")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--budget", type=int, default=BUDGETS[-1], help="measurements, without noise")
    parser.add_argument("--noise", default="", help="5%%, 10%%, 5%%+tails, 5%%+failures, with commas")
    parser.add_argument(
        "--variants", default="", help=f"ours once more, with commas: {', '.join(variants.VARIANTS)}"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=roster.ROOT / "reports" / "search-runs" / "replay.jsonl")
    parser.add_argument(
        "--keep",
        default="",
        help="name of a kept file in reports/search/: all of --out, the samplers it lacks as they were kept",
    )
    parser.add_argument("--markdown", action="store_true", help="tables as Markdown")
    parser.add_argument("--show", action="store_true", help="make no runs, print what is there")
    return parser.parse_args()


def wanted(args: argparse.Namespace) -> list[str]:
    """Ours and the peers, installed; exits with a message for a name that nobody has."""
    known = [name for name in names("samplers") if name != "grid"]  # its points are not the budget's
    ours = known if args.samplers == "all" else listed(args.samplers)
    for name in ours:
        if name not in names("samplers"):
            sys.exit(unknown("samplers", name))
    variation = listed(args.variants)
    for variant in variation:
        if variant not in variants.VARIANTS:
            sys.exit(f"no variant '{variant}'. Known: {', '.join(variants.VARIANTS)}.")
    ours += [f"{name}:{variant}" for variant in variation for name in ours]
    peers = list(roster.PEERS) if args.peers == "all" else listed(args.peers)
    return ours + [peer for peer in peers if args.show or installed(peer)]


def installed(peer: str) -> bool:
    """Whether the peer can be run, after an attempt to install it; says why not."""
    try:
        reason = roster.install(roster.entry(peer).home)
    except AutotuneError as error:
        sys.exit(str(error))
    if reason:
        print(f"{peer} is left out: {reason}", file=sys.stderr)
    return not reason


def planned(args: argparse.Namespace, samplers: Sequence[str]) -> Iterator[Task]:
    """The runs, seed by seed, so that a stop leaves as many of each sampler."""
    paths = [p for p in sorted(args.data.glob("*.json")) if not args.spaces or p.stem in listed(args.spaces)]
    if not paths:
        sys.exit(f"no recorded system in {args.data}")
    noises = [Noise.parse(text).text for text in listed(args.noise)] or [""]
    for seed in range(args.first_seed, args.first_seed + args.seeds):
        for noise in noises:
            for budget in NOISY_BUDGETS if noise else (args.budget,):
                for path in paths:
                    yield from (Task(name, path.resolve(), seed, budget, noise) for name in samplers)


def show(args: argparse.Namespace, systems: Sequence[Recorded], asked: set[tuple[object, ...]]) -> None:
    """Prints the tables of the runs that were asked for; keeps those of all runs where it is to."""
    every = kept.scored(runs.lines(args.out), systems)
    if args.keep:
        noisy = bool(args.noise)
        rows = [row for row in every if bool(row["noise"]) == noisy]
        made = kept.document(rows, NOISY_BUDGETS if noisy else budgets(args.budget))
        path = kept.write(args.keep, kept.joined(made, kept.read(args.keep)))
        print(f"kept: {path}", file=sys.stderr)
    rows = [
        row
        for row in every
        if tuple(row[k] for k in ("sampler", "space", "seed", "budget", "noise")) in asked
    ]
    if not rows:
        print("no runs yet")
        return
    layout = tables.markdown if args.markdown else tables.terminal
    if args.noise:
        print(layout(tables.noisy(kept.document(rows, NOISY_BUDGETS))))
    else:
        document = kept.document(rows, budgets(args.budget))
        print(layout(tables.overall(document)))
        print()
        print(layout(tables.by_space(document)))


def listed(text: str) -> list[str]:
    """The names between the commas."""
    return [name.strip() for name in text.split(",") if name.strip() not in {"", "none"}]


if __name__ == "__main__":
    sys.exit(main())
