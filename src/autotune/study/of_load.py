"""Metrics of driver http: what its load returns, which is all that it tells."""

from __future__ import annotations

from autotune.core.hint import did_you_mean
from autotune.model.returned import LATENCIES, LOAD
from autotune.study.schema.workload import MetricForm

_PRINTED = ("regex", "json", "csv")


def wrong_with_load(form: MetricForm, source: str, where: str) -> str:
    """What is wrong with a metric's source under driver http; empty where nothing is."""
    if source in _PRINTED and form.file is None:
        return f"driver http prints nothing that {source} could find. Take 'returned': {', '.join(LOAD)}"
    return _wrong_returned(form, where) if source == "returned" else ""


def wrong_count_with_load(source: str, name: str) -> str:
    """What is wrong with the `count` of a metric under driver http."""
    return _unknown(name) if source == "returned" else ""


def _wrong_returned(form: MetricForm, name: str) -> str:
    if name not in LOAD:
        return _unknown(name)
    if name in LATENCIES and not form.many:
        return f"'{name}' is a list of many values: add 'percentile: 95', or 'reduce: mean'"
    if name not in LATENCIES and form.many:
        return f"'{name}' is one number. 'percentile' and 'reduce' belong to {', '.join(LATENCIES)}"
    if form.values_in not in {None, LOAD[name]}:
        return f"'{name}' is in '{LOAD[name]}', not in '{form.values_in}'. Leave 'values_in' out"
    return ""


def _unknown(name: str) -> str:
    if name in LOAD:
        return ""
    return (
        f"'{name}' is nothing that driver http returns. Known: {', '.join(LOAD)}.{did_you_mean(name, LOAD)}"
    )
