"""Reads a log of HdrHistograms as one distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from autotune.core.extras import missing
from autotune.measure.number import MetricError
from autotune.measure.values import Values


def values(text: str) -> Values:
    """The values of all intervals in the log `text`, each rounded up to the histogram's precision.

    They are in the unit in which their writer recorded them. The log has one line per interval,
    `[Tag=NAME,]start,length,max,histogram`, and comments; intervals of every tag are added. Raises
    MetricError where there is none, or one cannot be decoded.
    """
    if need := missing("hdr"):
        raise MetricError("bad_metric", need)
    whole = None
    for number, line in enumerate(text.splitlines(), 1):
        encoded = line.rsplit(",", 1)[-1].strip()
        if line.startswith("#") or not encoded.startswith("HIST"):
            continue
        interval = _decoded(encoded, number)
        if whole is None:
            whole = interval
        else:
            whole.add(interval)
    if whole is None or not whole.get_total_count():
        raise MetricError("metric_missing", "the HdrHistogram log holds no value")
    return _values(whole)


def _decoded(encoded: str, number: int) -> Any:
    from hdrh.histogram import HdrHistogram  # noqa: PLC0415  an extra

    try:
        return HdrHistogram.decode(encoded.encode())
    except Exception as error:  # what damaged text leads to has no class in common
        raise MetricError("bad_metric", f"line {number} holds no HdrHistogram: {error}") from error


def _values(histogram: Any) -> Values:
    steps = [
        (histogram.get_highest_equivalent_value(step.value_iterated_to), step.count_at_value_iterated_to)
        for step in histogram.get_recorded_iterator()
    ]
    found, counts = zip(*steps, strict=True)
    return Values(
        values=np.asarray(found, dtype=np.float64),
        counts=np.asarray(counts, dtype=np.int64),
        mean=float(histogram.get_mean_value()),
    )
