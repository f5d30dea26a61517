"""Finds a number in JSON by its path."""

from __future__ import annotations

import json
from typing import Any

import jsonpath

from autotune.measure.number import MetricError, from_data
from autotune.measure.values import numbers


def find(path: str, text: str) -> float:
    """The one number at `path` in the JSON that `text` is, or that its last line is.

    Raises MetricError where there is no JSON, nothing or more than one value at the path, or no number.
    """
    return from_data(at(path, parse(text)))


def find_many(path: str, text: str) -> list[float]:
    """The numbers at `path`: those of the one list there, or each of the values that it leads to."""
    found = _all(path, parse(text))
    return numbers(found[0] if len(found) == 1 and isinstance(found[0], list) else found)


def parse(text: str) -> Any:
    """The JSON document in `text`: the whole of it, else the last line that is not blank."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    lines = text.strip().rsplit("\n", 1)
    try:
        return json.loads(lines[-1])
    except (ValueError, RecursionError) as error:
        raise MetricError("metric_missing", "neither the whole output nor its last line is JSON") from error


def at(path: str, data: Any) -> Any:
    """The one value at `path` in `data`."""
    found = _all(path, data)
    if len(found) != 1:
        raise MetricError("bad_metric", f"{len(found)} values are at '{path}'; one is needed")
    return found[0]


def _all(path: str, data: Any) -> list[Any]:
    try:
        # The library would take text for JSON once more.
        found = [] if isinstance(data, str) else jsonpath.findall(path, data)
    except (jsonpath.JSONPathError, ValueError, RecursionError) as error:
        raise MetricError("bad_metric", f"'{path}' cannot be looked up: {error}") from error
    if not found:
        raise MetricError("metric_missing", f"nothing is at '{path}'")
    return found


def problem(path: str) -> str:
    """Why `path` cannot be used; empty when it can."""
    try:
        jsonpath.compile(path)
    except jsonpath.JSONPathError as error:
        return f"'{path}' is not a JSON path: {error}"
    return ""
