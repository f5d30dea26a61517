"""Many values of one sample, and the one number that a metric makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autotune.core.units import UnitError, factor
from autotune.judge.percentile import interval_ranks, needed, rank
from autotune.measure.number import MOST_VALUES, MetricError, finite, from_data
from autotune.model.trial import Distribution, Percentile
from autotune.model.workload import Metric

_SHOWN = (50.0, 95.0, 99.0)
_BINS_PER_DECADE = 32
"""A bin of the histogram is 7.5 % wide, so that a value drawn from its middle is right to 4 %."""
_MOST_BINS = 256
_LINEAR_BINS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """`values` in rising order, (n,), each `counts` times, (n,); their `mean`, and which came last."""

    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    mean: float
    last: float | None = None

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Self:
        """The values of a list as it came; raises MetricError where it is empty or not finite."""
        if not numbers:
            raise MetricError("metric_missing", "no value was found")
        ordered = np.sort(np.asarray(numbers, dtype=np.float64))
        finite(float(np.abs(ordered).max()))
        ones = np.ones(len(ordered), dtype=np.int64)
        return cls(values=ordered, counts=ones, mean=float(ordered.mean()), last=float(numbers[-1]))

    @property
    def total(self) -> int:
        """How many values there are."""
        return int(self.counts.sum())

    def scaled(self, factor: float) -> Values:
        """All of them times `factor`, which is above zero."""
        last = None if self.last is None else self.last * factor
        return Values(values=self.values * factor, counts=self.counts, mean=self.mean * factor, last=last)

    def at_rank(self, place: int) -> float:
        """The value that is the `place`-th from below, 1 ... total."""
        return float(self.values[np.searchsorted(np.cumsum(self.counts), place)])

    def percentile(self, percent: float) -> Percentile:
        """The percentile with its interval; raises MetricError where there are too few values for it."""
        count, least = self.total, needed(percent)
        ranks = interval_ranks(count, percent)
        if count < least or ranks is None:
            raise MetricError(
                "bad_metric",
                f"p{percent:g} needs at least {least:,} values, found {count:,}. "
                f"Let a sample run longer, or ask for a lower percentile",
            )
        low, high = map(self.at_rank, ranks)
        return Percentile(percent=percent, value=self.at_rank(rank(count, percent)), low=low, high=high)


def numbers(found: Any) -> list[float]:
    """The numbers in a list of JSON; raises MetricError for anything else."""
    if not isinstance(found, list):
        raise MetricError("bad_metric", "found one value where a list is needed")
    if len(found) > MOST_VALUES:
        raise MetricError("bad_metric", f"a list of more than {MOST_VALUES:,} values is too long")
    return [from_data(value) for value in found]


def in_unit(values: Values, metric: Metric) -> Values:
    """`values`, plain numbers in the metric's `values_in`, in its unit."""
    ratio = own_factor(metric)
    return values if ratio == 1 else values.scaled(ratio)


def own_factor(metric: Metric) -> float:
    """What a plain number is multiplied by to be in the metric's unit; raises MetricError."""
    if not metric.values_in:
        return 1.0
    try:
        return factor(metric.values_in, metric.unit)
    except UnitError as error:
        raise MetricError("bad_metric", str(error)) from error


def reduced(values: Values, metric: Metric) -> float:
    """The metric's one number: its percentile, or its mean, last, max or sum."""
    if metric.percentile is not None:
        return values.percentile(metric.percentile).value
    match metric.reduce:
        case "mean":
            return finite(values.mean)
        case "max":
            return finite(float(values.values[-1]))
        case "sum":
            return finite(float(values.values @ values.counts))
    if values.last is None:
        raise MetricError("bad_metric", "a histogram does not tell which value was the last")
    return finite(values.last)


def distribution(values: Values, metric: Metric) -> Distribution:
    """All that is kept of `values`: the percentiles for which they suffice, and a histogram."""
    percents = sorted({*_SHOWN, *([metric.percentile] if metric.percentile is not None else [])})
    edges = _edges(float(values.values[0]), float(values.values[-1]))
    counts, _ = np.histogram(values.values, bins=edges, weights=values.counts)
    return Distribution(
        unit=metric.unit,
        count=values.total,
        mean=finite(values.mean),
        least=float(values.values[0]),
        most=float(values.values[-1]),
        percentiles=tuple(values.percentile(p) for p in percents if values.total >= needed(p)),
        edges=tuple(map(float, edges)),
        counts=tuple(map(int, counts)),
        closed=metric.loop != "open",
    )


def _edges(least: float, most: float) -> NDArray[np.float64]:
    """Edges of equal ratio where all values are above zero, else of equal distance."""
    if least == most:
        return np.asarray([least, most], dtype=np.float64)
    if least <= 0:
        return np.linspace(least, most, _LINEAR_BINS + 1)
    bins = int(np.ceil(np.log10(most / least) * _BINS_PER_DECADE))
    edges = np.geomspace(least, most, min(max(bins, 1), _MOST_BINS) + 1)
    edges[0], edges[-1] = least, most  # its own rounding may leave the ends out
    return edges
