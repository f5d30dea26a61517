from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import WorkloadError
from autotune.measure.http import HttpDriver
from autotune.model.trial import Sample, State
from autotune.model.workload import Applied, Load, Metric, Workload


@pytest.fixture
def take(sample: Callable[..., Sample], workload: Callable[..., Workload]) -> Callable[..., Sample]:
    """A sample of a load on a URL."""

    def taken(
        url: str, metrics: tuple[Metric, ...] = (Metric(name="requests", source="returned"),), **load: Any
    ) -> Sample:
        load = {"rate_per_s": 100.0, "duration_s": 1.0, "arrivals": "constant", **load}
        made = workload(driver="http", load=Load(url=url, **load), metrics=metrics)
        return sample(made, driver=HttpDriver())

    return taken


def percentile(percent: float) -> Metric:
    return Metric(
        name="p",
        source="returned",
        where="latency_s",
        unit="ms",
        values_in="s",
        percentile=percent,
        loop="open",
    )


def test_load_yields_rates_and_the_distribution_of_latencies(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    names = ("requests", "offered_per_s", "achieved_per_s", "saturated", "errors")
    metrics = tuple(Metric(name=name, source="returned") for name in names)
    taken = take(server(service=0.001), (*metrics, percentile(50)), warmup_s=0.2)
    assert taken.state is State.OK, taken.reason
    assert taken.metrics["requests"] == taken.metrics["offered_per_s"] == 100
    assert (taken.metrics["saturated"], taken.metrics["errors"]) == (0, 0)
    found = taken.distributions["p"]
    assert (found.count, found.closed) == (100, False)
    assert found.least >= 1  # no answer comes sooner than the service takes
    cpu = next(r for r in taken.resources if r.name == "cpu_s")
    assert cpu.value > 0


def test_figures_of_a_load_are_converted_from_their_own_units(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    late_ms = Metric(name="late_ms", source="returned", where="late_p99_s", unit="ms", values_in="s")
    per_min = Metric(name="per_min", source="returned", where="offered_per_s", unit="1/min", values_in="1/s")
    plain = tuple(Metric(name=name, source="returned") for name in ("late_p99_s", "offered_per_s"))
    found = take(server(), (late_ms, per_min, *plain), duration_s=0.2).metrics
    assert found["late_ms"] == pytest.approx(1000 * found["late_p99_s"])
    assert found["per_min"] == pytest.approx(60 * found["offered_per_s"])


@pytest.mark.slow
def test_a_stalled_server_shows_in_the_open_loop_and_not_in_the_closed_one(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    stall_ms = 600.0
    metric = (replace(percentile(95), percentile=95.0),)
    p95 = {}
    for name, load in (("open", {"rate_per_s": 150.0}), ("closed", {"rate_per_s": None, "users": 1})):
        url = server(service=0.001, begin=0.5, stall=stall_ms / 1000)
        taken = take(url, metric, duration_s=2.5, **load)
        assert taken.state is State.OK, taken.reason
        p95[name] = taken.metrics["p"]
        assert taken.distributions["p"].most >= stall_ms
    # 24 % of the scheduled requests fall into the stall, and wait for half of it on average.
    assert p95["open"] > stall_ms / 2 > p95["closed"]


def test_a_service_that_does_not_keep_up_is_named_in_a_warning(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    taken = take(server(service=0.05), duration_s=0.5, rate_per_s=200.0, timeout_s=0.5)
    assert any(warning.startswith("saturated") for warning in taken.warnings)


@pytest.mark.parametrize(("path", "saturated"), [("each", 0), ("", 1)])
def test_only_a_load_that_piles_up_is_saturated(
    take: Callable[..., Sample], server: Callable[..., str], path: str, saturated: int
) -> None:
    flag = Metric(name="saturated", source="returned")
    load = {"rate_per_s": 100.0, "arrivals": "poisson", "duration_s": 1.5, "warmup_s": 0.5}
    taken = take(server(service=0.05) + path, (flag,), **load)
    assert taken.metrics == {"saturated": saturated}
    assert any(warning.startswith("saturated") for warning in taken.warnings) == bool(saturated)


def test_errors_are_counted_and_named(take: Callable[..., Sample], server: Callable[..., str]) -> None:
    taken = take(server() + "bad", duration_s=0.2)
    assert taken.state is State.FAILED_CONFIG
    assert "none of 20 requests" in taken.reason
    assert "HTTP 503 (20)" in taken.reason


def test_nobody_at_the_port_is_a_failure_with_its_reason(take: Callable[..., Sample]) -> None:
    taken = take("http://127.0.0.1:1/", duration_s=0.1)
    assert "ClientConnectorError (10)" in taken.reason


def test_answers_that_never_come_are_latencies_of_the_time_out(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    errors = Metric(name="errors", source="returned")
    worst = Metric(name="worst", source="returned", where="latency_s", reduce="max")
    taken = take(server() + "none", (errors, worst), duration_s=0.2, timeout_s=0.3)
    assert taken.metrics["errors"] == 20
    assert taken.metrics["worst"] >= 0.3


def test_a_percentile_of_nothing_but_time_outs_says_that_nothing_was_answered(
    take: Callable[..., Sample], server: Callable[..., str]
) -> None:
    taken = take(server() + "none", (percentile(95),), duration_s=0.2, timeout_s=0.3)
    assert taken.state is State.FAILED_CONFIG
    assert taken.reason == "bad_metric: none of the 20 requests was answered: all timed out"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://192.0.2.7/", "192.0.2.7 was refused: it is not this machine"),
        ("http://example.invalid:80/", "refused"),
        ("http://127.0.0.1.example.invalid/", "refused"),
        ("file:///etc/passwd", "no URL"),
        ("http://user:secret@127.0.0.1/", "a user or a password"),
        ("http://127.0.0.1:99999/", "no load can be issued"),
    ],
)
def test_load_elsewhere_is_refused(take: Callable[..., Sample], url: str, message: str) -> None:
    with pytest.raises(WorkloadError, match=message):
        take(url)


def test_remote_load_that_is_allowed_is_described(tmp_path: Path, workload: Callable[..., Workload]) -> None:
    load = Load(url="http://192.0.2.7/{jobs}", rate_per_s=5.0, duration_s=1.0, allow_remote=True)
    made = workload(driver="http", load=load)
    applied = Applied(fields={"jobs": "4", "seed": "9"})
    argv = HttpDriver().command(made, applied, tmp_path)
    described = json.loads(Path(argv[-2]).read_text())
    assert (described["url"], described["seed"]) == ("http://192.0.2.7/4", 9)
