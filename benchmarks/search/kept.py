"""What is kept of a benchmark in `reports/search/`: one small file, from which its tables are made."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import psutil
import scipy

from search import roster
from search.curve import expected_best
from search.recorded import Recorded
from search.score import gap
from search.task import Line

FOLDER = roster.ROOT / "reports" / "search"
SCHEMA = "autotune.search/1"
_DIGITS = 4


def scored(found: Iterable[Line], systems: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Each run with its gap at each budget: NaN is a budget that it did not reach, None one without a gap.

    Under noise it is the gap of what was recommended.
    """
    known = {system.name: system for system in systems}
    random: dict[tuple[str, int], float] = {}
    result = []
    for line in found:
        if line["space"] not in known:
            continue
        system = known[line["space"]]
        gaps = {}
        for budget in map(int, line["best"]):
            if (system.name, budget) not in random:
                random[system.name, budget] = expected_best(system.costs, system.typical, system.size, budget)
            cost = line["recommended"] if line["noise"] else line["best"][str(budget)]
            share = gap(cost, random[system.name, budget], system.best, system.typical)
            gaps[budget] = None if share is None else round(share, _DIGITS)
        result.append({**line, "gaps": gaps})
    return result


def document(rows: Sequence[Mapping[str, Any]], budgets: Sequence[int]) -> dict[str, Any]:
    """The kept file: by noise, sampler and space a list of [seed, gap at each budget].

    `costs` holds, by noise and sampler, what its answers took and the share of repeats and failures; a budget
    that was not reached is the text `cut`.
    """
    runs: dict[str, dict[str, dict[str, list[list[Any]]]]] = {}
    for row in sorted(rows, key=lambda row: (row["noise"], row["sampler"], row["space"], row["seed"])):
        of = runs.setdefault(row["noise"], {}).setdefault(row["sampler"], {}).setdefault(row["space"], [])
        if row["noise"]:
            _add(of, row["seed"], budgets, row["gaps"])
        else:
            of.append([row["seed"], *(row["gaps"].get(budget, "cut") for budget in budgets)])
    return {
        "schema": SCHEMA,
        "date": today(),
        "machine": machine(),
        "versions": _versions(rows),
        "budgets": list(budgets),
        "runs": runs,
        "costs": _costs(rows),
    }


def joined(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """`new` with the samplers of `old` that it lacks: what was not made anew stays as it was kept.

    Raises ValueError where they are of other budgets.
    """
    if old is None:
        return dict(new)
    if list(old["budgets"]) != list(new["budgets"]):
        raise ValueError(f"kept are budgets of {old['budgets']}, and made were {new['budgets']}")
    parts = {part: _beside(new[part], old[part]) for part in ("runs", "costs")}
    return {**new, "versions": {**old["versions"], **new["versions"]}, **parts}


def _beside(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By noise and sampler, what is new, and of the old what is not replaced."""
    noises = sorted({*new, *old})
    return {n: dict(sorted({**old.get(n, {}), **new.get(n, {})}.items())) for n in noises}


def _add(of: list[list[Any]], seed: int, budgets: Sequence[int], gaps: Mapping[int, float | None]) -> None:
    """Puts the runs of a seed, one for each budget, into one list."""
    if not of or of[-1][0] != seed:
        of.append([seed, *("cut" for _ in budgets)])
    for place, budget in enumerate(budgets, 1):
        if budget in gaps:
            of[-1][place] = gaps[budget]


def _costs(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    grouped: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in rows:
        grouped.setdefault(row["noise"], {}).setdefault(row["sampler"], []).append(row)
    return {
        noise: {
            sampler: {
                "ms": round(fmean(1000 * r["seconds"] / max(1, r["measured"]) for r in of), 2),
                "repeated": round(fmean(r["repeated"] / max(1, r["measured"]) for r in of), 4),
                "failed": round(fmean(r["failed"] / max(1, r["measured"]) for r in of), 4),
                "cut": sum(r["cut"] for r in of),
            }
            for sampler, of in sorted(samplers.items())
        }
        for noise, samplers in sorted(grouped.items())
    }


def _versions(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    homes = {roster.PEERS[r["sampler"]].home for r in rows if r["sampler"] in roster.PEERS}
    pinned = {k: v for home in sorted(homes) for k, v in roster.versions(home).items()}
    own = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    return {**own, **{k: v for k, v in pinned.items() if k not in own}}


def today() -> str:
    """The day, UTC."""
    return datetime.now(UTC).date().isoformat()


def machine() -> dict[str, Any]:
    """What the figures were made on."""
    model = ""
    for text in Path("/proc/cpuinfo").read_text().splitlines():
        if text.startswith("model name"):
            model = text.partition(":")[2].strip()
            break
    return {
        "cpu_model": model,
        "cpus": os.cpu_count(),
        "memory_mib": psutil.virtual_memory().total // 2**20,
        "kernel": platform.release(),
    }


def write(name: str, kept: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Writes a kept file, a line for each list of runs, so that changes can be read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(_written(kept) + "\n")
    return path


def read(name: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """A kept file; None where there is none yet."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else None


def _written(value: Any, indent: str = "") -> str:
    """JSON with objects over several lines and lists in one."""
    if not isinstance(value, Mapping) or not value:
        return json.dumps(value)
    inner = indent + " "
    parts = [f"{inner}{json.dumps(key)}: {_written(part, inner)}" for key, part in value.items()]
    return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
