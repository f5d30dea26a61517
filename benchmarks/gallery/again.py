"""Measures every claimed gain again with a plain loop over the tool's own output, interleaved.

python benchmarks/gallery/again.py [--study NAME] [--pairs 20]

Nothing of autotune measures or judges here. A claim stands where the 95 % interval of the difference between
it and the new pairs contains zero; both are resampled, by Hodges and Lehmann's estimate of the ratio. One of
twenty claims that are true is expected to miss. Pairs at which a run stopped early lean to the large side.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

import hand
import kept
import truth
from entries import Entry, arguments, chosen

_FEWEST = 20


def main() -> int:
    """Measures; 1 where a claim does not stand or could not be measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument("--pairs", type=int, default=_FEWEST, help=f"{_FEWEST} or more")
    args = parser.parse_args()
    found = []
    for entry in chosen(args):
        result = kept.read_kept(entry.name)
        if result and result["verdict"] and result["verdict"]["proven"]:
            found.append(again(entry, result, max(args.pairs, _FEWEST)))
            print(line(found[-1]), flush=True)
    rows = truth.joined("again", found)
    lines = [line(row) for row in rows]
    stand = sum(row["stands"] for row in rows)
    lines.append(f"{stand} of {len(rows)} claims stand")
    print(lines[-1])
    truth.write("again", "claimed gains measured again by hand, interleaved", lines, rows)
    return 0 if all(row["stands"] for row in found) else 1


def again(entry: Entry, result: Mapping[str, Any], pairs: int) -> dict[str, Any]:
    """One claim beside what the loop says."""
    row: dict[str, Any] = {"name": entry.name, "claim": truth.claim(result), "date": truth.today()}
    row["stands"] = False
    try:
        measured = hand.measured(entry, pairs, hand.settings(result["changes"]))
    except hand.HandError as error:
        return {**row, "why": str(error)}
    claimed, logs = hand.log_ratios(result["paired"]), hand.log_ratios(measured)
    apart = hand.difference(claimed, logs)
    return {
        **row,
        "stands": apart.holds(0.0),
        "claimed": hand.told(hand.gain(claimed)),
        "again": hand.told(hand.gain(logs)),
        "difference": hand.told(apart),
        "pairs": len(logs),
        "values": measured.tolist(),
    }


def line(row: Mapping[str, Any]) -> str:
    """A row of the table."""
    if "why" in row:
        return f"{row['name']:<24}not measured: {row['why']}"
    said = "stands" if row["stands"] else "DOES NOT STAND"
    return (
        f"{row['name']:<24}claimed {row['claimed']:<28} again {row['again']:<28} "
        f"difference {row['difference']:<28} n = {row['pairs']}  {said}"
    )


if __name__ == "__main__":
    sys.exit(main())
