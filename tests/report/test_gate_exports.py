"""What a gate measured, in the files of other tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autotune.core.errors import UsageError
from autotune.report.gate_exports import asked_for, export


def sample(pair: int, arm: str, take: int = 0, **metrics: float | None) -> dict[str, Any]:
    return {"pair": pair, "arm": arm, "take": take, "order": 0, "state": "ok", "metrics": metrics}


DATA: dict[str, Any] = {
    "schema": "autotune.gate/1",
    "time": "2026-01-02T03:04:05+00:00",
    "head": {"said": "x", "commit": {"sha": "a" * 40, "subject": "s", "time": "t"}, "changed": []},
    "base": {"said": "y", "commit": None},
    "workloads": {
        "tests/test_a.py::test_a[n=1]": {
            "file": "tests/test_a.py",
            "metrics": [
                {"metric": "seconds", "unit": "s", "direction": "minimize"},
                {"metric": "rate", "unit": "1/s", "direction": "maximize"},
            ],
            "rounds": [
                [
                    sample(-1, "b", seconds=9.0, rate=1.0),
                    sample(0, "a", seconds=7.0, rate=1.0),
                    sample(0, "b", seconds=1.0, rate=10.0),
                    sample(1, "b", seconds=8.0, rate=None),
                    sample(1, "b", take=1, seconds=3.0, rate=30.0),
                    sample(2, "b", seconds=2.0, rate=20.0),
                ]
            ],
        }
    },
}
NAME = "tests/test_a.py::test_a[n=1]"


def test_pytest_benchmark_gets_the_heads_times_with_statistics() -> None:
    (found,) = json.loads(export(DATA, "pytest-benchmark"))["benchmarks"]
    assert (found["fullname"], found["name"]) == (NAME, "test_a[n=1]")
    assert found["stats"]["data"] == [1.0, 3.0, 2.0]
    assert found["stats"]["rounds"] == 3
    assert (found["stats"]["min"], found["stats"]["median"], found["stats"]["max"]) == (1.0, 2.0, 3.0)
    assert found["stats"]["stddev"] == pytest.approx(1.0)
    assert found["extra_info"] == {"rate": 20.0}


def test_github_action_benchmark_gets_one_direction_a_file() -> None:
    (smaller,) = json.loads(export(DATA, "customSmallerIsBetter"))
    (larger,) = json.loads(export(DATA, "customBiggerIsBetter"))
    assert (smaller["name"], smaller["unit"], smaller["value"]) == (f"{NAME}: seconds", "s", 2.0)
    assert (larger["name"], larger["unit"], larger["value"]) == (f"{NAME}: rate", "1/s", 20.0)


def test_bencher_gets_each_measure_with_its_bounds() -> None:
    found = json.loads(export(DATA, "bencher"))[NAME]
    assert found["seconds"] == {"value": 2.0, "lower_value": 1.5, "upper_value": 2.5}
    assert found["rate"]["value"] == 20.0


@pytest.mark.parametrize(
    "form", ["pytest-benchmark", "customSmallerIsBetter", "customBiggerIsBetter", "bencher"]
)
def test_nothing_measured_is_an_empty_file_and_no_error(form: str) -> None:
    assert json.loads(export({**DATA, "workloads": {}}, form)) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bencher", "say FORMAT=PATH"),
        ("bencher=", "say FORMAT=PATH"),
        ("benchr=x", "Did you mean 'bencher'?"),
    ],
)
def test_wrong_wish_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("?", r"\?")):
        asked_for([text], "--export")
