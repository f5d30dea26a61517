"""What a reader has to know of a load before trusting its latencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autotune.measure.load.tally import TIMEOUT

_LATE_S = 0.001
_LATE_SHARE = 0.1
_OF_LOAD = {"latency_s", "offered_per_s", "achieved_per_s", "loop"}


def cautions(returned: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about the figures of a load among what a sample returned; none where there are no such."""
    if not returned.keys() >= _OF_LOAD:
        return
    if returned.get("saturated") == 1:
        yield (
            "saturated: ever more requests were due and not answered, so that latencies grow with the length "
            "of the sample; lower the rate"
        )
    kinds = returned.get("error_kinds")
    if told := unanswered(returned):
        yield told
    elif isinstance(kinds, dict) and kinds:
        yield f"some requests failed ({', '.join(kinds)}); only time-outs are among the latencies"
    if _late(returned.get("late_p99_s"), returned["latency_s"]):
        yield "the load generator itself was late by more than a tenth of the p99: it needs a core of its own"


def unanswered(returned: Mapping[str, Any]) -> str:
    """That every request of a load timed out; empty where one did not, or nothing of a load was returned."""
    requests = returned.get("requests")
    if not returned.keys() >= _OF_LOAD or not requests or returned.get("error_kinds") != {TIMEOUT: requests}:
        return ""
    return f"none of the {requests} requests was answered: all timed out"


def _late(late: Any, latencies: Any) -> bool:
    """Whether the generator's own delay colours the latencies; any function may return such names."""
    try:
        ordered = sorted(latencies)
        return bool(ordered) and bool(late > max(_LATE_S, _LATE_SHARE * ordered[int(len(ordered) * 0.99)]))
    except TypeError:
        return False
