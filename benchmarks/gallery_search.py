"""In how many trials the search of each study of the gallery reaches what was proven, by two samplers.

    python benchmarks/gallery_search.py --keep auto    the trials of the latest runs, as those of `auto`
    python benchmarks/gallery_search.py                the table of all that is kept

A trial reaches the result where its one measurement gains so much on the baseline's median that the study's
margin does not tell it from what the first sampler kept has proven. Single measurements reach it by luck too,
for all alike.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autotune.core.strict_yaml import read
from search import kept, roster, tables

NAME = "gallery"


def main() -> int:
    """Keeps the latest runs as those of a sampler, or prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", default="", metavar="SAMPLER", help="what made the latest runs")
    parser.add_argument("--reports", type=Path, default=roster.ROOT / "reports", help="where the runs are")
    args = parser.parse_args()
    document = kept.read(NAME) or {"schema": kept.SCHEMA, "samplers": {}}
    if args.keep:
        document |= {"date": kept.today(), "machine": kept.machine()}
        document["samplers"][args.keep] = {n: found for n, found in latest(args.reports) if found["gains"]}
        kept.write(NAME, document)
    print(tables.terminal(table(document)))
    return 0


def latest(reports: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """By its name, each system of the gallery whose study has been run."""
    for file in sorted((roster.ROOT / "reports" / "gallery").glob("*.json")):
        system = json.loads(file.read_text())
        study = str(read(roster.ROOT / system["study"]).data["study"])
        path = reports / study / "latest" / "results.json"
        if path.is_file():
            yield system["name"], trials(json.loads(path.read_text()))
        else:
            print(f"{system['name']}: no run", file=sys.stderr)


def trials(results: Mapping[str, Any]) -> dict[str, Any]:
    """The gains of the trials in their order, and what is to be reached: None where nothing was proven."""
    objective, verdict = results["objective"], results["verdict"]
    samples = [
        s["metrics"][objective["metric"]] for s in results["baseline"]["samples"] if s["state"] == "ok"
    ]
    baseline, effect = statistics.median(samples), verdict and verdict["effect"]
    better = bool(verdict) and verdict["result"] == "better"
    return {
        "proven": effect["estimate"] - verdict["margin"] if better and effect["relative"] else None,
        "gains": [gain(trial, baseline, objective["direction"]) for trial in results["trials"]],
    }


def gain(trial: Mapping[str, Any], baseline: float, direction: str) -> float | None:
    """What a trial gains on the baseline, as a share of it; None where it failed or missed a limit."""
    if trial["state"] != "ok" or trial["violation"] > 0 or not baseline:
        return None
    change = trial["value"] / baseline - 1
    return float(f"{change if direction == 'maximize' else -change:.5g}")


def first(gains: Sequence[float | None], level: float) -> int | None:
    """The number, from 1, of the first trial that gains so much; None where none does."""
    return next((n for n, one in enumerate(gains, start=1) if one is not None and one >= level), None)


def table(document: Mapping[str, Any]) -> list[list[str]]:
    """A row for each system with a proven gain; last, the mean ratio of trials to the first sampler's."""
    samplers = document["samplers"]
    if not samplers:
        return []
    leading, *others = samplers
    rows = [["system", "trials", "gain to reach", *(f"`{name}` in" for name in samplers)]]
    ratios: dict[str, list[float]] = {name: [] for name in others}
    for study, found in samplers[leading].items():
        if found["proven"] is None:
            continue
        gains = {name: kept[study]["gains"] for name, kept in samplers.items() if study in kept}
        places = {name: first(of, found["proven"]) for name, of in gains.items()}
        paid = {name: places[name] or len(of) + 1 for name, of in gains.items()}
        for name in set(others) & set(paid):
            ratios[name].append(math.log(paid[name] / paid[leading]))
        cells = ["-" if name not in places else str(places[name] or "not reached") for name in samplers]
        rows.append([study, str(len(found["gains"])), f"{100 * found['proven']:+.1f} %", *cells])
    return [*rows, ["ratio, geometric mean", "", "", "1", *(_ratio(ratios[name]) for name in others)]]


def _ratio(logs: Sequence[float]) -> str:
    """With two standard errors; a search that did not reach it counts as one trial more than it had."""
    if len(logs) < 2:
        return "-"
    error = statistics.stdev(logs) / math.sqrt(len(logs))
    low, high = (math.exp(statistics.fmean(logs) + way * 2 * error) for way in (-1, 1))
    return f"{math.exp(statistics.fmean(logs)):.2f} [{low:.2f}, {high:.2f}]"


if __name__ == "__main__":
    sys.exit(main())
