from __future__ import annotations

from typing import Any

import pytest

from autotune.measure.load.caution import cautions

GOOD: dict[str, Any] = {
    "latency_s": [0.01] * 200,
    "offered_per_s": 100.0,
    "achieved_per_s": 100.0,
    "saturated": 0,
    "error_kinds": {},
    "late_p99_s": 0.0001,
    "loop": "open",
}


def test_a_load_that_was_kept_up_with_needs_no_word() -> None:
    assert list(cautions(GOOD)) == []


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"saturated": 1}, "saturated: ever more requests"),
        ({"error_kinds": {"HTTP 503": 3}}, "some requests failed (HTTP 503)"),
        (
            {"requests": 7, "error_kinds": {"time-out": 7}},
            "none of the 7 requests was answered: all timed out",
        ),
        ({"requests": 7, "error_kinds": {"time-out": 6}}, "some requests failed (time-out)"),
        ({"late_p99_s": 0.002}, "the load generator itself was late"),
    ],
)
def test_what_makes_latencies_doubtful_is_said(changes: dict[str, Any], beginning: str) -> None:
    (told,) = cautions({**GOOD, **changes})
    assert told.startswith(beginning)


@pytest.mark.parametrize(
    "returned",
    [
        {},
        {"saturated": 1},
        {**GOOD, "latency_s": 3, "late_p99_s": "x", "error_kinds": 7},
        {**GOOD, "requests": "x"},
    ],
)
def test_a_function_that_returns_such_names_otherwise_is_left_alone(returned: dict[str, Any]) -> None:
    assert list(cautions(returned)) == []
