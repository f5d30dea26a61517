"""A gate's results in the files of other tools: pytest-benchmark, github-action-benchmark, Bencher."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autotune.core.errors import UsageError
from autotune.core.hint import did_you_mean

Data = Mapping[str, Any]
"""A document of the schema autotune.gate/1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The good samples of the head of one metric of one workload, in order."""

    workload: str
    file: str
    metric: str
    unit: str
    direction: str
    values: Sequence[float]


def series(data: Data) -> Iterator[Series]:
    """Each metric of each workload that has a sample; of a pair that was run again the second run."""
    for name, one in data["workloads"].items():
        heads = list(of_head(one["rounds"]))
        for metric in one["metrics"]:
            found = [sample["metrics"].get(metric["metric"]) for sample in heads]
            values = [value for value in found if value is not None]
            if values:
                yield Series(
                    workload=name,
                    file=one.get("file", ""),
                    metric=metric["metric"],
                    unit=metric["unit"],
                    direction=metric["direction"],
                    values=values,
                )


def of_head(rounds: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[Mapping[str, Any]]:
    """The head's samples in order, without warm-ups; of a pair that was run again the second run."""
    last = {
        (number, one["pair"]): one
        for number, samples in enumerate(rounds)
        for one in samples
        if one["arm"] == "b" and one["pair"] >= 0
    }
    yield from (last[place] for place in sorted(last))


def asked_for(texts: Sequence[str], option: str) -> list[tuple[str, Path]]:
    """The formats and paths in texts such as `bencher=out.json`; raises UsageError for an unknown format."""
    found = []
    for text in texts:
        form, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(f"{option} {text}: say FORMAT=PATH, as in bencher=out.json")
        if form not in _FORMATS:
            hint = did_you_mean(form, _FORMATS)
            raise UsageError(f"{option}: there is no format '{form}'. Known: {', '.join(_FORMATS)}.{hint}")
        found.append((form, Path(path)))
    return found


def export(data: Data, form: str) -> str:
    """JSON in one of the formats that `asked_for` knows."""
    return json.dumps(_FORMATS[form](data), indent=1, allow_nan=False) + "\n"


def _pytest_benchmark(data: Data) -> dict[str, Any]:
    """What `pytest-benchmark compare` reads. It knows times alone: other metrics go to `extra_info`."""
    found = list(series(data))
    commit = data["head"].get("commit") or {}
    return {
        "machine_info": {},
        "commit_info": {
            "id": commit.get("sha", ""),
            "time": commit.get("time", ""),
            "dirty": bool(data["head"].get("changed")),
            "project": "",
            "branch": "",
        },
        "benchmarks": [_benchmark(one, found) for one in found if one.unit == "s"],
        "datetime": data["time"],
        "version": "5.0.0",
    }


def _benchmark(one: Series, every: Sequence[Series]) -> dict[str, Any]:
    beside = {
        other.metric: float(np.median(other.values))
        for other in every
        if other.workload == one.workload and other.unit != "s"
    }
    several = sum(other.workload == one.workload and other.unit == "s" for other in every) > 1
    name = f"{one.workload}[{one.metric}]" if several else one.workload
    return {
        "group": None,
        "name": name.rpartition("::")[2],
        "fullname": name,
        "params": None,
        "param": None,
        "extra_info": beside,
        "options": {
            "disable_gc": True,
            "timer": "perf_counter",
            "min_rounds": len(one.values),
            "max_time": 0.0,
            "min_time": 0.0,
            "warmup": True,
        },
        "stats": _stats(np.array(one.values)),
    }


def _stats(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    low, middle, high = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    fence = 1.5 * (high - low)
    inside = values[(values >= low - fence) & (values <= high + fence)]
    of_iqr, of_spread = len(values) - len(inside), int((np.abs(values - mean) > spread).sum())
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": mean,
        "stddev": spread,
        "rounds": len(values),
        "median": middle,
        "iqr": high - low,
        "q1": low,
        "q3": high,
        "iqr_outliers": of_iqr,
        "stddev_outliers": of_spread,
        "outliers": f"{of_spread};{of_iqr}",
        "ld15iqr": float(inside.min()),
        "hd15iqr": float(inside.max()),
        "ops": 1 / mean if mean else 0.0,
        "total": float(values.sum()),
        "data": [float(value) for value in values],
        "iterations": 1,
    }


def _custom(direction: str) -> Callable[[Data], list[dict[str, Any]]]:
    """What github-action-benchmark reads with `tool: custom...`: metrics of one direction."""

    def found(data: Data) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{one.workload}: {one.metric}",
                "unit": one.unit or "1",
                "value": float(np.median(one.values)),
                "range": f"{min(one.values):.6g} to {max(one.values):.6g}",
                "extra": f"median of {len(one.values)} samples",
            }
            for one in series(data)
            if one.direction == direction
        ]

    return found


def _bencher(data: Data) -> dict[str, Any]:
    """Bencher Metric Format: of each benchmark its measures, the median with the middle half around it."""
    found: dict[str, Any] = {}
    for one in series(data):
        low, middle, high = (float(q) for q in np.quantile(one.values, (0.25, 0.5, 0.75)))
        measure = {"value": middle, "lower_value": low, "upper_value": high}
        found.setdefault(one.workload, {})[one.metric] = measure
    return found


_FORMATS: Mapping[str, Callable[[Data], Any]] = {
    "pytest-benchmark": _pytest_benchmark,
    "customSmallerIsBetter": _custom("minimize"),
    "customBiggerIsBetter": _custom("maximize"),
    "bencher": _bencher,
}
