"""Short seeded runs over the systems in which nothing is to be gained: how many claim a gain all the same.

python benchmarks/gallery/none.py [--runs 40] [--fresh]

At most 3 of 40 may end *better*. Goes on where it was stopped; 1 where more claim a gain or a run fails.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import truth
from command import run_words, when_free
from entries import Entry, arguments, chosen

RUNS, ALLOWED = 40, 3
_SHORT = (
    "budget.trials=8",
    "baseline_samples=3",
    "validate.candidates=1",
    "validate.reduce=false",
    "validate.pairs=12",
)
"""Few trials, the best of them confirmed as it is, by pairs enough for a verdict at 5 %."""

_FIRST_SEED = 1000


def main() -> int:
    """Runs what is not there yet; 1 where too many claim a gain, or a run failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--fresh", action="store_true", help="run again what was run before")
    args = parser.parse_args()
    systems = [entry for entry in chosen(args) if entry.expect == "none"]
    if not systems:
        print("no system of the gallery expects none")
        return 0
    rows = [] if args.fresh else [row for row in truth.rows_of("none") if row["result"] != "failed"]
    done = {(row["name"], row["seed"]) for row in rows}
    for entry, seed in plan(systems, args.runs):
        if (entry.name, seed) not in done:
            rows.append(short(entry, seed))
            print(line(rows[-1]), flush=True)
            _write(rows)
    print(summary(rows))
    return 0 if good(rows) else 1


def plan(systems: Sequence[Entry], runs: int) -> list[tuple[Entry, int]]:
    """So many runs, in turns over the systems, each with a seed of its own."""
    return [(systems[number % len(systems)], _FIRST_SEED + number) for number in range(runs)]


def short(entry: Entry, seed: int) -> dict[str, Any]:
    """One short run: its verdict."""
    row: dict[str, Any] = {"name": entry.name, "seed": seed, "date": truth.today()}
    with tempfile.TemporaryDirectory() as folder:
        words = run_words(entry, Path(folder), (f"sampler.seed={seed}", *_SHORT, *entry.smoke))
        done = when_free([*words, "--json"])
    if not done.answered:
        return {**row, "result": "failed", "why": done.why}
    verdict = json.loads(done.out)["verdict"]
    effect = verdict and verdict["effect"]
    seconds = round(done.seconds)
    if not verdict:
        return {**row, "result": "undecided", "proven": False, "seconds": seconds}
    return {
        **row,
        "result": verdict["result"],
        "proven": verdict["proven"],
        "effect": [effect[part] for part in ("estimate", "low", "high")] if effect else None,
        "pairs": verdict["pairs"],
        "seconds": seconds,
    }


def good(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether no run failed and no more than 3 of 40, or the same share of more, claim a gain."""
    counts = Counter(row["result"] for row in rows)
    return counts["failed"] == 0 and counts["better"] <= max(ALLOWED, ALLOWED * len(rows) // RUNS)


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    effect = row.get("effect")
    size = "{:+.1f} % [{:+.1f}, {:+.1f}]".format(*(100 * x for x in effect)) if effect else row.get("why", "")
    return f"{row['name']:<24}seed {row['seed']}  {row['result']:<12}{size}  {row.get('seconds', 0)} s"


def summary(rows: Sequence[dict[str, Any]]) -> str:
    """How many runs ended how."""
    counts = Counter(row["result"] for row in rows)
    told = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    return f"{len(rows)} runs: {told}; at most {ALLOWED} of {RUNS} may be better"


def _write(rows: Sequence[dict[str, Any]]) -> None:
    head = "short seeded runs of systems in which nothing is to be gained"
    truth.write("none", head, [*map(line, rows), summary(rows)], rows)


if __name__ == "__main__":
    sys.exit(main())
