"""Keys of a metric that is read from many values, checked together."""

from __future__ import annotations

from autotune.core.units import UnitError, factor, is_duration
from autotune.study.schema.workload import MetricForm

_MANY = ("json", "csv", "hdr", "numbers", "returned")
_ALWAYS_MANY = ("csv", "hdr", "numbers")
_OF_HISTOGRAMS = ("mean", "max")


def many_mistakes(form: MetricForm, source: str) -> dict[str, str]:
    """What is wrong, by the key that is: `percentile`, `reduce`, `values_in`, `loop`, or the source's own."""
    wrong: dict[str, str] = {}
    if form.percentile is not None and form.reduce is not None:
        wrong["reduce"] = "a metric is a percentile or reduced otherwise, not both"
    given = [key for key in ("percentile", "reduce") if getattr(form, key) is not None]
    for key in given:
        if source not in _MANY:
            wrong[key] = f"{source} yields one value. '{key}' belongs to {', '.join(_MANY)}"
    if source in _ALWAYS_MANY and not given:
        wrong[source] = f"{source} yields many values: add 'percentile: 95', or 'reduce: mean'"
    if source == "hdr" and form.reduce is not None and form.reduce not in _OF_HISTOGRAMS:
        wrong["reduce"] = f"histograms tell {' and '.join(_OF_HISTOGRAMS)}, not {form.reduce}"
    if form.values_in is not None:
        wrong["values_in"] = _wrong_values_in(form, form.values_in)
    if form.loop is not None and form.percentile is None and not is_duration(form.unit or ""):
        wrong["loop"] = "'loop' belongs to a percentile, or to a metric in a unit of time: add 'unit: ms'"
    return wrong


def _wrong_values_in(form: MetricForm, unit: str) -> str:
    if not form.many:
        return "'values_in' belongs to a metric with percentile or reduce"
    try:
        factor(unit, form.unit or "")
    except UnitError:
        return f"'{unit}' cannot be converted to the metric's unit '{form.unit or ''}'"
    return ""
