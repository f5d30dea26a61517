from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hdrh.histogram import HdrHistogram

from autotune.measure.many import values
from autotune.measure.number import MetricError
from autotune.measure.texts import Texts
from autotune.model.trial import Sample, State
from autotune.model.workload import Metric, PythonCall, Workload


def texts(folder: Path, stdout: str = "", *, cut: bool = False) -> Texts:
    return Texts(stdout=stdout, folder=folder, fields={"out": str(folder)}, cut=cut)


@pytest.mark.parametrize(
    ("changes", "stdout"),
    [
        ({"source": "json", "where": "$.lat"}, '{"lat": [1, 2, 4]}'),
        ({"source": "json", "where": "$.runs[*].lat"}, '{"runs": [{"lat": 1}, {"lat": 2}, {"lat": 4}]}'),
        ({"source": "csv", "where": "lat"}, "lat\n1\n2ms\n4000us\n"),
        ({"source": "numbers", "where": "{out}/lat.txt"}, ""),
        ({"source": "returned", "where": "lat"}, ""),
        ({"source": "json", "where": "$.lat", "values_in": "us"}, '{"lat": [1000, 2000, 4000]}'),
    ],
)
def test_each_source_yields_all_its_values_in_the_metrics_unit(
    tmp_path: Path, changes: dict[str, Any], stdout: str
) -> None:
    (tmp_path / "lat.txt").write_text("1\n2 ms\n\n4000us\n")
    metric = Metric(**{"name": "m", "unit": "ms", "reduce": "mean", **changes})
    found = values(metric, texts(tmp_path, stdout), {"lat": [1, 2.0, 4]})
    assert list(found.values) == pytest.approx([1, 2, 4])


def test_histogram_log_is_read_in_its_own_unit(tmp_path: Path) -> None:
    histogram = HdrHistogram(1, 10**12, 3)
    for value in range(1, 201):
        histogram.record_value(value * 1_000_000)
    (tmp_path / "lat.hlog").write_text(f"0,1,1,{histogram.encode().decode()}\n")
    metric = Metric(name="m", source="hdr", where="lat.hlog", unit="ms", values_in="ns", percentile=95.0)
    assert values(metric, texts(tmp_path), {}).percentile(95).value == pytest.approx(190, rel=2e-3)


def test_values_of_which_the_middle_was_cut_are_refused(tmp_path: Path) -> None:
    metric = Metric(name="m", source="csv", where="lat", reduce="mean")
    with pytest.raises(MetricError, match="values are missing"):
        values(metric, texts(tmp_path, "lat\n1\n", cut=True), {})


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (Metric(name="m", source="json", where="$.none", reduce="sum"), "metric_missing: nothing is at"),
        (Metric(name="m", source="json", where="$.empty", reduce="sum"), "metric_missing: no value"),
        (Metric(name="m", source="json", where="$.text", reduce="sum"), "no number"),
        (Metric(name="m", source="numbers", where="none.txt", reduce="sum"), "was not written"),
        (Metric(name="m", source="numbers", where="../x", reduce="sum"), "not in the sample's own folder"),
        (Metric(name="m", source="returned", where="lat", reduce="sum"), "was not returned"),
        (Metric(name="m", source="returned", where="one", reduce="sum"), "a list is needed"),
        (Metric(name="m", source="wall", reduce="sum"), "yields one value"),
    ],
)
def test_what_holds_no_values_is_refused(tmp_path: Path, metric: Metric, message: str) -> None:
    stdout = json.dumps({"empty": [], "text": ["a"]})
    with pytest.raises(MetricError) as caught:
        values(metric, texts(tmp_path, stdout), {"one": 1})
    assert message in str(caught.value)


def test_sample_keeps_the_distribution_and_the_count(
    workload: Callable[..., Workload], sample: Callable[..., Sample]
) -> None:
    p95 = Metric(name="p95", source="csv", where="lat", unit="ms", percentile=95.0, file="lat.csv")
    taken = sample(workload('(echo lat; seq 1 400) > "$1/lat.csv"', metrics=(p95,)))
    assert taken.state is State.OK
    assert (taken.metrics, taken.counts) == ({"p95": 380.0}, {"p95": 400})
    assert taken.distributions["p95"].most == 400


def test_too_few_values_fail_the_sample_and_say_how_many_are_needed(
    workload: Callable[..., Workload], sample: Callable[..., Sample]
) -> None:
    p99 = Metric(name="p99", source="csv", where="lat", percentile=99.0)
    taken = sample(workload("echo lat; seq 1 400", metrics=(p99,)))
    assert taken.state is State.FAILED_CONFIG
    assert "metric 'p99': p99 needs at least 1,000 values, found 400" in taken.reason


def test_exit_code_as_a_metric_makes_none_of_them_a_failure(
    workload: Callable[..., Workload], sample: Callable[..., Sample]
) -> None:
    code = Metric(name="code", source="exit")
    assert sample(workload("exit 3", metrics=(code,))).metrics == {"code": 3.0}
    assert sample(workload("exit 3")).state is State.FAILED_CONFIG
    assert sample(workload("kill -9 $$", metrics=(code,))).state is State.FAILED_CONFIG


def test_python_function_may_return_many_values(
    tmp_path: Path, workload: Callable[..., Workload], sample: Callable[..., Sample]
) -> None:
    (tmp_path / "bench.py").write_text("def run():\n    return {'lat': [n / 1000 for n in range(1, 301)]}\n")
    call = PythonCall(call="bench:run", path=tmp_path)
    p95 = Metric(name="p95", source="returned", where="lat", unit="ms", values_in="s", percentile=95.0)
    taken = sample(workload(driver="python", python=call, metrics=(p95,)))
    assert taken.metrics == {"p95": pytest.approx(285)}
