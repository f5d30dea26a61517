# ruff: noqa: E501  a row of the table is one case
"""Units of what is returned by other hands than the workload's."""

from __future__ import annotations

import pytest

from autotune.study.load import load_workload

HTTP = "workload: w\ndriver: http\nload: {url: 'http://localhost:1/', rate: 9/s}\n"
PYTHON = "workload: w\ndriver: python\npython: {call: 'a:b', calibrate: true}\n"

KNOWN = [
    (HTTP, "late_p99_s: {unit: ms}", ("ms", "s")),
    (HTTP, "achieved_per_s: {unit: 1/min}", ("1/min", "1/s")),
    (HTTP, "offered_per_s: {unit: requests/s}", ("requests/s", "1/s")),
    (HTTP, "offered_per_s: {}", ("1/s", "1/s")),
    (HTTP, "m: {returned: service_s, reduce: max}", ("s", "s")),
    (HTTP, "errors: {}", ("", "")),
    (PYTHON, "call_s: {unit: ms}", ("ms", "s")),
    (PYTHON, "latency_s: {percentile: 95, unit: ms}", ("ms", "s")),
    (PYTHON, "latency_s: {percentile: 95, unit: ms, values_in: us}", ("ms", "us")),
    (PYTHON, "requests: {unit: kB}", ("kB", "")),
    (PYTHON.replace(", calibrate: true", ""), "call_s: {unit: ms}", ("ms", "")),
]


@pytest.mark.parametrize(("head", "metric", "units"), KNOWN, ids=[metric for _, metric, _ in KNOWN])
def test_what_is_returned_by_other_hands_is_converted_from_its_own_unit(tmp_path, head, metric, units):
    (tmp_path / "w.yaml").write_text(f"{head}metrics:\n  {metric}\n")
    (found,) = load_workload(tmp_path / "w.yaml", facts={}).metrics
    assert (found.unit, found.values_in) == units


WRONG = [
    (HTTP, "m: {returned: latency_s, percentile: 95, unit: MiB}", "5:50: this metric is measured in 's', which cannot be converted to 'MiB'"),
    (HTTP, "m: {returned: latency_s, reduce: max, unit: MiB}", "5:47: this metric is measured in 's'"),
    (HTTP, "late_p99_s: {unit: B}", "5:22: this metric is measured in 's'"),
    (HTTP, "error_share: {unit: ms}", "5:23: this metric is a plain number without a unit, found 'ms'"),
    (HTTP, "m: {returned: late_p99}", "5:17: 'late_p99' is nothing that driver http returns. Known: latency_s, service_s, late_p99_s, offered_per_s, achieved_per_s, requests, errors, error_share, saturated. Did you mean 'late_p99_s'?"),
    (HTTP, "erors: {}", "5:10: 'erors' is nothing that driver http returns."),
    (HTTP, "errors: {count: request}", "5:19: 'request' is nothing that driver http returns."),
    (HTTP, "latency_s: {}", "5:14: 'latency_s' is a list of many values: add 'percentile: 95', or 'reduce: mean'"),
    (HTTP, "errors: {reduce: max}", "5:11: 'errors' is one number."),
    (HTTP, "m: {returned: latency_s, reduce: max, unit: ms, values_in: us}", "5:17: 'latency_s' is in 's', not in 'us'. Leave 'values_in' out"),
    (HTTP, "m: {regex: '(.*)'}", "5:14: driver http prints nothing that regex could find. Take 'returned': latency_s,"),
    (HTTP, "m: {json: $.a}", "5:13: driver http prints nothing that json could find."),
    (PYTHON, "call_s: {unit: MB}", "5:18: this metric is measured in 's'"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "metric", "message"), WRONG, ids=[metric for _, metric, _ in WRONG])
def test_what_a_load_or_a_round_cannot_yield_is_told_with_its_place(problems, head, metric, message):
    (found,) = problems(f"{head}metrics:\n  {metric}\n", name="w.yaml")
    assert found.startswith(f"w.yaml:{message}")
