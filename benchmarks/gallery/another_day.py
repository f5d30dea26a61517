"""Confirms every profile again on fresh pairs: `autotune compare STUDY --b PROFILE`.

python benchmarks/gallery/another_day.py [--study NAME] [--pairs 40]

Both days stand in the table. A profile is confirmed where the new verdict is *better* again and no limit
is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import kept
import truth
import yaml
from command import when_free
from entries import Entry, arguments, chosen
from rows import effect_text

_WIDE = 30
_RUN = "%Y-%m-%dT%H-%M-%S"


def main() -> int:
    """Confirms; 1 where one is not confirmed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument("--pairs", type=int, default=None, help="at most; the study's unless given")
    args = parser.parse_args()
    found = []
    for entry in chosen(args):
        result = kept.read_kept(entry.name)
        if result and result["verdict"] and result["verdict"]["proven"]:
            found.append(confirmed(entry, result, args.pairs))
            print(line(found[-1]), flush=True)
    rows = truth.joined("another_day", found, "date")
    lines = [line(row) for row in rows]
    lines.append(f"{sum(row['confirmed'] for row in rows)} of {len(rows)} profiles confirmed on fresh pairs")
    print(lines[-1])
    truth.write("another_day", "profiles compared with the baseline again", lines, rows)
    return 0 if all(row["confirmed"] for row in found) else 1


def confirmed(entry: Entry, result: Mapping[str, Any], pairs: int | None) -> dict[str, Any]:
    """One profile on fresh pairs beside what it claims."""
    profile = kept.FOLDER / f"{entry.name}.profile.yaml"
    row: dict[str, Any] = {
        "name": entry.name,
        "claim": truth.claim(result),
        "first": result["date"],
        "claimed": _told(result, result["verdict"]),
        "date": truth.today(),
        "hours": round(_hours_since(profile), 1),
        "confirmed": False,
    }
    words = ["compare", str(entry.path), "--b", str(profile), "--json"]
    words += ["--pairs", str(pairs)] if pairs else []
    words += ["--allow-risk"] if entry.allow_risk else []
    with tempfile.TemporaryDirectory() as folder:
        done = when_free([*words, "--reports", folder])
    if not done.answered:
        return {**row, "why": done.why}
    verdict = json.loads(done.out)["verdict"]
    broken = [limit["text"] for limit in verdict["limits"] if limit["held"] == "broken"]
    return {
        **row,
        "confirmed": verdict["result"] == "better" and not broken,
        "result": verdict["result"],
        "seen": _told(result, verdict),
        "pairs": verdict["pairs"],
        "broken": broken,
        "seconds": round(done.seconds),
    }


def _hours_since(profile: Path) -> float:
    """Hours since the run that made the profile began: runs have the name of that moment."""
    run = yaml.safe_load(profile.read_text())["made_by"]["run"]
    now = datetime.now().astimezone()
    began = datetime.strptime(run[:19], _RUN).replace(tzinfo=now.tzinfo)
    return (now - began).total_seconds() / 3600


def _told(result: Mapping[str, Any], verdict: Mapping[str, Any]) -> str:
    objective, effect = result["objective"], verdict["effect"]
    return effect_text(effect, objective["direction"], objective["unit"]) if effect else "-"


def line(row: Mapping[str, Any]) -> str:
    """A row of the table."""
    start = f"{row['name']:<24}{row['first']} {row['claimed']:<{_WIDE}}"
    if "why" in row:
        return f"{start} {row['date']} not compared: {row['why']}"
    said = "confirmed" if row["confirmed"] else f"NOT CONFIRMED: {row['result']}"
    broken = f", broken: {'; '.join(row['broken'])}" if row["broken"] else ""
    same = f", {row['hours']} hours later" if row["first"] == row["date"] else ""
    return f"{start} {row['date']} {row['seen']:<{_WIDE}} n = {row['pairs']}  {said}{same}{broken}"


if __name__ == "__main__":
    sys.exit(main())
