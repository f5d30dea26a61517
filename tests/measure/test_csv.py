from __future__ import annotations

import pytest

from autotune.measure.csv import column
from autotune.measure.number import MetricError


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ", "])
def test_column_is_found_by_its_name_whatever_separates_the_fields(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("t", "lat"), ("1", "4.5"), ("2", "6")))
    assert column("lat", text, "") == [4.5, 6.0]


def test_text_above_the_header_and_blank_lines_are_passed_over() -> None:
    assert column("lat", "latency test of lat\n\nn,lat\n1,2\n\n2,3\n", "") == [2.0, 3.0]


def test_quoted_fields_and_units_are_read() -> None:
    assert column("p, q", '"a","p, q"\n"x, y","870us"\n', "ms") == [0.87]


def test_fields_that_hold_nothing_are_not_too_many() -> None:
    assert column("lat", "t,lat\n1,2,\n3,4, ,\n", "") == [2.0, 4.0]
    assert column("lat", "t,lat,\n1,2,x\n", "") == [2.0]


def test_rates_of_bytes_are_converted() -> None:
    assert column("speed", "speed\n3.4 GB/s\n", "MB/s") == [3400.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "metric_missing: no line has a field 'lat'"),
        ("latency\n1\n", "metric_missing: no line has a field 'lat'"),
        ("t,lat\n1\n", "bad_metric: line 2 has no column 'lat'"),
        ("t,lat\n1,\n", "bad_metric: line 2, column 'lat': '' is not a number"),
        ("lat;t\n1,5;2\n", "line 2, column 'lat': '1,5' is not a number"),
        ("lat\n1\n1,5\n", "bad_metric: line 3 has 2 fields, and the header 1: quote what has a ','"),
        ("log\n\nt,lat\n7,1,5\n", "bad_metric: line 4 has 3 fields, and the header 2"),
        ("t,lat\n,1,5\n", "line 2 has 3 fields, and the header 2"),
        ("lat\nnan\n", "is not a number"),
        ("lat\n1e400\n", "no finite number"),
        ("lat\n" + "1" * 70_000, "longer than 64 KiB"),
        ("lat\n" + "1\n" * 101, "more than 100 values"),
    ],
)
def test_table_without_usable_numbers_is_refused_with_its_line(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autotune.measure.csv.MOST_VALUES", 100)
    with pytest.raises(MetricError) as caught:
        column("lat", text, "")
    assert message in str(caught.value)
