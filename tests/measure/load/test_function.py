from __future__ import annotations

import asyncio
import threading
import time
from itertools import count

import pytest

from autotune.measure.load import drive


def quick() -> None:
    time.sleep(0.001)


def test_schedule_is_kept_and_every_call_is_timed() -> None:
    figures = drive(quick, rate_per_s=100, duration_s=0.5, arrivals="constant", seed=1)
    assert (figures["requests"], figures["offered_per_s"], figures["errors"]) == (50, 100, 0)
    assert len(figures["latency_s"]) == 50
    # A call lasts at least its sleep, and its latency contains its service time.
    assert min(figures["service_s"]) >= 0.001
    assert all(a >= b for a, b in zip(figures["latency_s"], figures["service_s"], strict=True))


def test_a_rate_beyond_the_service_is_called_saturated() -> None:
    figures = drive(quick, rate_per_s=4000, duration_s=0.5, at_once=1)
    assert figures["saturated"] == 1
    assert figures["achieved_per_s"] < figures["offered_per_s"]


@pytest.mark.slow
def test_a_stall_is_seen_by_the_open_loop_and_hidden_by_the_closed_one() -> None:
    def stalling() -> object:
        begun, once = time.monotonic(), count()
        lock = threading.Lock()

        def call() -> None:
            with lock:
                if time.monotonic() - begun > 0.5 and next(once) == 0:
                    time.sleep(0.5)
                time.sleep(0.001)

        return call

    p99 = {}
    for name, how in (("open", {"rate_per_s": 100}), ("closed", {"users": 1})):
        latencies = sorted(drive(stalling(), duration_s=2, **how)["latency_s"])
        p99[name] = latencies[int(len(latencies) * 0.99)]
    assert p99["open"] > 0.25 > p99["closed"]


def test_users_never_have_more_requests_under_way_than_they_are() -> None:
    now, most, lock = 0, 0, threading.Lock()

    def call() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.002)
        with lock:
            now -= 1

    figures = drive(call, users=3, duration_s=0.2)
    assert (most, figures["loop"]) == (3, "closed")


def test_what_the_function_raises_is_counted_by_its_name() -> None:
    numbers = count()

    def call() -> None:
        if next(numbers) % 2:
            raise KeyError

    figures = drive(call, rate_per_s=100, duration_s=0.2, arrivals="constant")
    assert figures["error_kinds"] == {"KeyError": 10}
    assert len(figures["latency_s"]) == 10


def test_coroutine_that_never_ends_becomes_time_outs() -> None:
    async def call() -> None:
        await asyncio.sleep(3600)

    figures = drive(call, rate_per_s=100, duration_s=0.1, arrivals="constant", timeout_s=0.2, at_once=2)
    assert figures["error_kinds"] == {"time-out": 10}
    assert min(figures["latency_s"]) >= 0.2 - 0.1


@pytest.mark.parametrize(
    "load",
    [
        {},
        {"rate_per_s": 1, "users": 1},
        {"rate_per_s": 0},
        {"rate_per_s": 1e9},
        {"rate_per_s": 10, "at_once": 901},
        {"users": 0},
    ],
)
def test_a_load_that_cannot_be_issued_is_refused(load: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"a load has|under way at once"):
        drive(quick, duration_s=1, **load)
