"""The many values that a metric is read from, by its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autotune.measure import csv, document, hdr
from autotune.measure.number import MOST_VALUES, MetricError, from_text
from autotune.measure.texts import Texts
from autotune.measure.values import Values, in_unit, numbers
from autotune.model.workload import Metric


def values(metric: Metric, texts: Texts, returned: Mapping[str, Any]) -> Values:
    """All values of `metric` in its unit; raises MetricError where there are none, or one is no number.

    Plain numbers are in `values_in`, or else in the metric's unit; in a table and in a file of numbers each
    may carry its own.
    """
    plain = metric.values_in or metric.unit
    match metric.source:
        case "csv":
            found = Values.of(csv.column(metric.where, texts.whole(metric), plain))
        case "numbers":
            found = Values.of(_listed(texts.file(metric.where), plain))
        case "json":
            found = Values.of(document.find_many(metric.where, texts.whole(metric)))
        case "returned":
            found = Values.of(numbers(returned_value(metric.where or metric.name, returned)))
        case "hdr":
            found = hdr.values(texts.file(metric.where))
        case _:
            raise MetricError("bad_metric", f"source {metric.source} yields one value")
    return in_unit(found, metric)


def returned_value(name: str, returned: Mapping[str, Any]) -> Any:
    """What the function returned as `name`; raises MetricError where it did not."""
    if name not in returned:
        known = ", ".join(map(str, returned)) or "nothing"
        raise MetricError("metric_missing", f"'{name}' was not returned, but {known}")
    return returned[name]


def _listed(text: str, unit: str) -> list[float]:
    """The numbers in `text`, one a line; blank lines do not count."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_VALUES:
        raise MetricError("bad_metric", f"the file has more than {MOST_VALUES:,} values")
    return [from_text(line, unit) for line in lines]
