from __future__ import annotations

import pytest
from hdrh.histogram import HdrHistogram

from autotune.measure import hdr
from autotune.measure.number import MetricError


def interval(*values: int, tag: str = "") -> str:
    histogram = HdrHistogram(1, 3_600_000_000_000, 3)
    for value in values:
        histogram.record_value(value)
    return f"{tag}0.127,1.007,2.769,{histogram.encode().decode()}\n"


HEAD = (
    '#[Histogram log format version 1.2]\n#[StartTime: 1.0 (seconds since epoch), x]\n"StartTimestamp",...\n'
)


def test_intervals_of_a_log_are_added() -> None:
    found = hdr.values(HEAD + interval(*range(1000, 101_000, 1000)) + interval(200_000, tag="Tag=B,"))
    assert found.total == 101
    assert found.values[0] == pytest.approx(1000, rel=1e-3)
    assert found.values[-1] == pytest.approx(200_000, rel=1e-3)
    assert found.mean == pytest.approx((5_050_000 + 200_000) / 101, rel=1e-3)


def test_percentiles_of_a_log_are_those_of_its_values() -> None:
    found = hdr.values(interval(*range(1000, 1_001_000, 1000)))
    for percent in (50, 95, 99):
        assert found.percentile(percent).value == pytest.approx(percent * 10_000, rel=2e-3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "metric_missing: the HdrHistogram log holds no value"),
        (HEAD, "metric_missing"),
        (interval(), "metric_missing"),
        (interval(5)[:-20] + "\n", "bad_metric: line 1 holds no HdrHistogram"),
        ("1,1,1,HISTFAAAAEV42pNpmSz\n", "bad_metric"),
        (interval(5) + "2,1,1,HISTno\n", "line 2 holds no HdrHistogram"),
    ],
)
def test_log_without_a_histogram_is_refused(text: str, message: str) -> None:
    with pytest.raises(MetricError) as caught:
        hdr.values(text)
    assert message in str(caught.value)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autotune.core.extras.find_spec", lambda _: None)
    with pytest.raises(MetricError, match=r"autotune-harness\[hdr\]"):
        hdr.values(interval(5))
