"""What the gallery keeps of a run: one small file, from which its page is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import declared
import perunit
import versions
from entries import ROOT, Entry

SCHEMA = "autotune.gallery/1"
FOLDER = ROOT / "reports" / "gallery"

_MACHINE = ("cpu_model", "cpus", "memory_mib", "kernel", "os", "arch", "filesystem", "container", "smt")
_VERDICT = (
    "result",
    "proven",
    "finished",
    "effect",
    "pairs",
    "planned_pairs",
    "margin",
    "limits",
    "warnings",
)
_RESOURCE_SCALE = 1e-9
"""Resources of which a sample has less are left out of the table: nothing was used."""


def keep(entry: Entry, results: Mapping[str, Any]) -> dict[str, Any]:
    """The small kept result of a run, from its results.json.

    `sides` are the medians of every metric and every resource that was used; `per_unit` what a unit of work
    took of each resource, `figures` the candidate as a share of the baseline, the median over pairs.
    """
    document = results["study"]["document"]
    host = results["host"]
    both = list(pairs(results))
    return {
        "schema": SCHEMA,
        "name": entry.name,
        "title": entry.title,
        "group": entry.group,
        "expect": entry.expect,
        "measures": entry.measures,
        "study": str(entry.path.relative_to(ROOT)) if entry.path.is_relative_to(ROOT) else entry.path.name,
        "made_of": made_of(entry),
        "allow_risk": entry.allow_risk,
        "date": _date(results),
        "versions": {**_software(host), **versions.versions(entry)},
        "machine": {name: host[name] for name in _MACHINE if host.get(name) not in {None, ""}},
        "objective": results["objective"],
        "limits": document.get("limits", []),
        "risks_allowed": document.get("allow_risk", []),
        "verdict": _verdict(results["verdict"]),
        "paired": [[one["metrics"][_metric(results)] for one in pair] for pair in both],
        "sides": _sides(results),
        "per_unit": perunit.costs(entry, results, both),
        "figures": perunit.figures(entry, results, both),
        "changes": list(_changes(results)),
        "risks": results["risks"],
        "taken_back": list(results["taken_back"]),
        "trials": _trials(results),
        "seconds": _seconds(results),
        "exports": [],
    }


def made_of(entry: Entry) -> str:
    """A hash of what study and workload say, without their words for people.

    A kept result of another hash is an old one.
    """
    said = _plain([declared.study(entry), declared.workload(entry)])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items() if key != "description"}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def pairs(results: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Baseline and candidate of each whole, good pair that counts, of the confirmation that answers."""
    if not results["confirmations"]:
        return
    found: dict[tuple[int, int], dict[str, dict[str, Any]]] = {}
    for sample in results["confirmations"][-1]["samples"]:
        if sample["pair"] >= 0:
            found.setdefault((sample["pair"], sample["take"]), {})[sample["arm"]] = sample
    last = {pair: arms for (pair, _), arms in sorted(found.items()) if len(arms) > 1}
    for arms in last.values():
        if all(sample["state"] == "ok" for sample in arms.values()):
            yield arms["baseline"], arms["candidate"]


def read_kept(name: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """The kept result of a system; None where there is none yet."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else None


def _metric(results: Mapping[str, Any]) -> str:
    return str(results["objective"]["metric"])


def _date(results: Mapping[str, Any]) -> str:
    """The day on which the last sample was taken."""
    samples = [s for c in results["confirmations"] for s in c["samples"]] or results["baseline"]["samples"]
    return datetime.fromtimestamp(max(s["started"] for s in samples), UTC).date().isoformat()


def _software(host: Mapping[str, Any]) -> dict[str, str]:
    own = host.get("fingerprint", {}).get("tool.version", "")
    return {"autotune": own} | {name: str(host[name]) for name in ("python", "sqlite") if host.get(name)}


def _verdict(verdict: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: verdict[name] for name in _VERDICT} if verdict else None


def _sides(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Metrics always, resources where any was used; and whether they differ by more than chance."""
    beyond = set(results["beyond_chance"])
    return [
        {**side, "beyond_chance": side["name"] in beyond}
        for side in results["sides"]
        if side["direction"] or any((side[arm] or 0) > _RESOURCE_SCALE for arm in ("baseline", "tuned"))
    ]


def _changes(results: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for change in results["changes"]:
        name = change["parameter"]
        yield {**change, "risk": sorted(risk for risk, names in results["risks"].items() if name in names)}


def _trials(results: Mapping[str, Any]) -> dict[str, int]:
    states = [trial["state"] for trial in results["trials"]]
    return {"all": len(states), "failed": sum(state != "ok" for state in states)}


def _seconds(results: Mapping[str, Any]) -> dict[str, float]:
    """Where the time went; in all is the longer of the phases and of the samples, which survive a stop."""
    seconds = {name: round(value, 1) for name, value in results["seconds"].items()}
    phases = sum(phase["seconds"] for phase in results["phases"])
    return {**seconds, "all": round(max(phases, seconds["measuring"] + seconds["changing"]), 1)}
