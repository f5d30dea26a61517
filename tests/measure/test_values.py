from __future__ import annotations

import numpy as np
import pytest

from autotune.measure.number import MetricError
from autotune.measure.values import Values, distribution, in_unit, numbers, reduced
from autotune.model.workload import Metric


def metric(**changes: object) -> Metric:
    return Metric(**{"name": "lat", "source": "numbers", "where": "f", "unit": "ms", **changes})


@pytest.mark.parametrize(("how", "value"), [("mean", 2.0), ("last", 2.0), ("max", 3.0), ("sum", 6.0)])
def test_values_are_reduced_as_the_metric_says(how: str, value: float) -> None:
    assert reduced(Values.of([3.0, 1.0, 2.0]), metric(reduce=how)) == value


def test_percentile_is_refused_below_the_count_that_it_needs() -> None:
    with pytest.raises(MetricError, match="p99 needs at least 1,000 values, found 999"):
        reduced(Values.of([1.0] * 999), metric(percentile=99.0))
    assert reduced(Values.of([float(n) for n in range(1000)]), metric(percentile=99.0)) == 989


def test_distribution_leaves_out_the_percentiles_that_lack_values() -> None:
    found = distribution(Values.of([float(n) for n in range(1, 301)]), metric(reduce="mean"))
    assert [p.percent for p in found.percentiles] == [50, 95]
    assert (found.count, found.least, found.most, found.mean) == (300, 1, 300, 150.5)
    assert found.at(99) is None


def test_distribution_holds_the_metrics_own_percentile_with_its_interval() -> None:
    found = distribution(Values.of([float(n) for n in range(1, 1001)]), metric(percentile=90.0))
    own = found.at(90)
    assert own is not None
    assert own.low < own.value == 900 < own.high


@pytest.mark.parametrize("values", [[5.0] * 30, [0.0, 1.0, 2.0], [-1.0, 7.5], [1e-9, 1e9], [0.1, 0.3]])
def test_histogram_counts_every_value_once_whatever_the_values(values: list[float]) -> None:
    found = distribution(Values.of(values), metric(reduce="mean"))
    assert sum(found.counts) == len(values)
    assert len(found.edges) == len(found.counts) + 1 <= 257
    assert found.edges[0] == min(values)
    assert found.edges[-1] == max(values)


def test_a_percentile_read_off_the_histogram_is_right_to_a_bin() -> None:
    values = np.random.default_rng(3).lognormal(size=20_000)
    found = distribution(Values.of(list(values)), metric(percentile=95.0))
    bin_of = np.searchsorted(np.cumsum(found.counts), 19_000)
    own = found.at(95)
    assert own is not None
    assert found.edges[bin_of] <= own.value <= found.edges[bin_of + 1]


def test_values_counted_in_bins_give_what_the_single_values_give() -> None:
    counted = Values(values=np.array([1.0, 2.0, 9.0]), counts=np.array([900, 90, 10]), mean=1.17)
    single = Values.of([1.0] * 900 + [2.0] * 90 + [9.0] * 10)
    for percent in (50, 95, 99):
        assert counted.percentile(percent) == single.percentile(percent)
    with pytest.raises(MetricError, match="which value was the last"):
        reduced(counted, metric(reduce="last"))


def test_values_are_converted_from_the_unit_that_they_are_in() -> None:
    found = in_unit(Values.of([1500.0, 500.0]), metric(values_in="us", reduce="mean"))
    assert (found.mean, found.last) == (1.0, 0.5)
    assert list(found.values) == [0.5, 1.5]


@pytest.mark.parametrize("found", [5, "12", {"a": 1}, [1, "x"], [True], [float("nan")], [10**400]])
def test_what_is_no_list_of_numbers_is_refused(found: object) -> None:
    with pytest.raises(MetricError, match="bad_metric"):
        numbers(found)


def test_no_value_at_all_is_a_missing_metric() -> None:
    with pytest.raises(MetricError, match="metric_missing"):
        Values.of([])
