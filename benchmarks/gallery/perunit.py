"""What a unit of work took of the machine, in both arms of a run's pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, TypeAlias

from entries import Entry

Sample: TypeAlias = Mapping[str, Any]
Pair: TypeAlias = tuple[Sample, Sample]

RESOURCES: Mapping[str, tuple[str, ...]] = {
    "cpu": ("cpu_s",),
    "memory": ("peak_memory_bytes", "server_memory_bytes"),
    "storage": ("read_bytes", "written_bytes"),
    "network": ("network_received_bytes", "network_sent_bytes"),
}
"""Which resources of a sample make up each. Memory counts for as long as it is held: byte seconds.

Of a service it is what it holds when the load ends.
"""

UNITS = {"cpu": "s", "memory": "B s", "storage": "B", "network": "B"}
_WHOLE_HOST = "the whole host"
"""In the source of what is no work of the sample alone, such as a network that others use as well."""

_SERVER = "server_"
"""A service's own resources are what counts where there are any: the load's are the client's."""


def costs(entry: Entry, results: Mapping[str, Any], pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    """The medians of each resource per unit of work; a resource is left out where it is unknown or unused."""
    found = {}
    for name in RESOURCES:
        arms = [[_cost(name, entry, results, pair[arm]) for pair in pairs] for arm in (0, 1)]
        values = [[value for value in arm if value is not None] for arm in arms]
        if all(values) and all(median(arm) > 0 for arm in values):
            middle = {arm: median(seen) for arm, seen in zip(("baseline", "tuned"), values, strict=True)}
            found[name] = {**middle, "unit": UNITS[name]}
    return found


def figures(entry: Entry, results: Mapping[str, Any], pairs: Sequence[Pair]) -> dict[str, float]:
    """The candidate as a share of the baseline, the median over pairs: 1.4 is 40 % more.

    `throughput` and `response_time` are of the metrics that the entry names; the resources are per unit of
    work.
    """
    found = {}
    for name, metric in _metrics(entry, results).items():
        found[name] = _ratio(
            [(one["metrics"].get(metric), other["metrics"].get(metric)) for one, other in pairs]
        )
    for name in RESOURCES:
        found[name] = _ratio([_both(name, entry, results, pair) for pair in pairs])
    return {name: value for name, value in found.items() if value is not None}


def _both(
    name: str, entry: Entry, results: Mapping[str, Any], pair: Pair
) -> tuple[float | None, float | None]:
    one, other = (_cost(name, entry, results, sample) for sample in pair)
    return one, other


def _metrics(entry: Entry, results: Mapping[str, Any]) -> dict[str, str]:
    """The metric behind each figure."""
    named = {"throughput": entry.throughput, "response_time": entry.response_time}
    first = entry.measures.replace(" ", "_")
    if first in named:
        named[first] = results["objective"]["metric"]
    return {name: metric for name, metric in named.items() if metric}


def _ratio(pairs: Sequence[tuple[float | None, float | None]]) -> float | None:
    """The median of candidate to baseline; None unless most pairs have both above 0."""
    known = [other / one for one, other in pairs if one and other and one > 0 and other > 0]
    return median(known) if 2 * len(known) > len(pairs) else None


def _cost(name: str, entry: Entry, results: Mapping[str, Any], sample: Sample) -> float | None:
    known = {
        one["name"]: one["value"]
        for one in sample["resources"]
        if one["value"] is not None and _WHOLE_HOST not in one["source"]
    }
    served = any(each.startswith(_SERVER) for each in known)
    names = [f"{_SERVER}{each.removeprefix(_SERVER)}" if served else each for each in RESOURCES[name]]
    values = [known[each] for each in dict.fromkeys(names) if each in known]
    work = work_of(entry, results["objective"]["metric"], sample)
    if not values or not work:
        return None
    held_s = sample["wall_s"] if name == "memory" else 1.0
    return float(sum(values) * held_s / work)


def work_of(entry: Entry, objective: str, sample: Sample) -> float | None:
    """How many units of work a sample did; None where that is unknown."""
    if entry.work == "sample":
        return 1.0
    if entry.work == "rate":
        return float(sample["metrics"][objective] * sample["wall_s"])
    if entry.work == "count":
        return _number(sample["counts"].get(objective))
    return _number(sample["metrics"].get(entry.work))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
