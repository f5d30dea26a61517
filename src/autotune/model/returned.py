"""What is returned by other hands than the workload's: names and units."""

from __future__ import annotations

from collections.abc import Mapping

CALL_S = "call_s"
"""Seconds per call of a function with `calibrate`, measured around each round."""

LATENCIES = ("latency_s", "service_s")
"""Lists of seconds that a load returns."""

LOAD = {
    "latency_s": "s",
    "service_s": "s",
    "late_p99_s": "s",
    "offered_per_s": "1/s",
    "achieved_per_s": "1/s",
    "requests": "",
    "errors": "",
    "error_share": "",
    "saturated": "",
}
"""The figures of a load."""


def returned_units(driver: str, *, calibrate: bool) -> Mapping[str, str]:
    """Names whose unit is known, with it: all that driver http returns, and what driver python adds.

    A function may return the figures of a load too. Those whose names tell their unit have it there; a
    plain name such as `requests` may mean something else.
    """
    if driver == "http":
        return LOAD
    if driver != "python":
        return {}
    telling = {name: unit for name, unit in LOAD.items() if unit}
    return {**telling, CALL_S: "s"} if calibrate else telling
