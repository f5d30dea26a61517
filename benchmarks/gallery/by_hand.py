"""Applies every profile from its export alone to a fresh instance, and looks whether the gain is there.

python benchmarks/gallery/by_hand.py [--study NAME] [--pairs 20]

For the entries that name an `export:`. Their script gets CONFIG=FILE, the exported file as it is, and takes
the candidate's configuration from it; what the export leaves to other formats comes as name=value.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hand
import kept
import truth
from command import autotune
from entries import Entry, arguments, chosen

_PAIRS = 20


def main() -> int:
    """Applies and measures; 1 where a gain is not there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument("--pairs", type=int, default=_PAIRS)
    args = parser.parse_args()
    found = []
    for entry in chosen(args):
        result = kept.read_kept(entry.name)
        if entry.export and result and result["verdict"] and result["verdict"]["proven"]:
            found.append(applied(entry, result, args.pairs))
            print(line(found[-1]), flush=True)
    rows = truth.joined("by_hand", found)
    lines = [line(row) for row in rows]
    lines.append(f"{sum(row['gain'] for row in rows)} of {len(rows)} exports give the gain")
    print(lines[-1])
    truth.write("by_hand", "profiles applied from their export alone to a fresh instance", lines, rows)
    return 0 if all(row["gain"] for row in found) else 1


def applied(entry: Entry, result: Mapping[str, Any], pairs: int) -> dict[str, Any]:
    """One profile: whether its export gives a gain, and whether that is the one that is claimed."""
    row: dict[str, Any] = {"name": entry.name, "format": entry.export, "claim": truth.claim(result)}
    row |= {"date": truth.today(), "gain": False}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, f"{entry.name}.export")
        profile = kept.FOLDER / f"{entry.name}.profile.yaml"
        words = ["export", str(profile), "--format", entry.export, "--output", str(config)]
        if (done := autotune(words)).code:
            return {**row, "why": done.why}
        rest = hand.settings([c for c in result["changes"] if c["parameter"] in left(config.read_text())])
        try:
            logs = hand.log_ratios(hand.measured(entry, pairs, rest, config=config))
        except hand.HandError as error:
            return {**row, "why": str(error)}
    seen, claimed = hand.gain(logs), hand.log_ratios(result["paired"])
    return {
        **row,
        "gain": hand.better(seen, result["objective"]["direction"]),
        "claimed": hand.told(hand.gain(claimed)),
        "seen": hand.told(seen),
        "same": hand.difference(claimed, logs).holds(0.0),
        "beside": rest,
        "pairs": len(logs),
    }


def left(export: str) -> set[str]:
    """Parameters that an export says have to be applied in another way."""
    lines = [line for line in export.splitlines() if "INCOMPLETE: apply these as well:" in line]
    names = ",".join(line.partition("as well:")[2] for line in lines).split(",")
    return {name.split("(")[0].strip() for name in names if name.strip()}


def line(row: Mapping[str, Any]) -> str:
    """A row of the table."""
    if "why" in row:
        return f"{row['name']:<24}{row['format']:<10}not measured: {row['why']}"
    said = "gain" if row["gain"] else "NO GAIN"
    same = "" if row["same"] else ", of another size than claimed"
    beside = f", beside it {' '.join(row['beside'])}" if row["beside"] else ""
    return (
        f"{row['name']:<24}{row['format']:<10}claimed {row['claimed']:<28} seen {row['seen']:<28} "
        f"n = {row['pairs']}  {said}{same}{beside}"
    )


if __name__ == "__main__":
    sys.exit(main())
