"""What the service costs is told apart from what the load costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.flow.bench import Bench
from autotune.model.trial import State

Make = Callable[..., Bench]


def cost(bench: Bench, path: str) -> dict[str, float | None]:
    sample = bench.sample({**bench.baseline, "path": path}, trial=0)
    assert sample.state is State.OK, sample.reason
    return {r.name: r.value for r in sample.resources}


def test_cpu_of_service_and_load_are_told_apart(make: Make) -> None:
    found = cost(make(), "burn")
    assert 0.28 < (found["server_cpu_s"] or 0) < 0.5
    assert (found["cpu_s"] or 1) < 0.28


def test_cpu_is_known_without_a_control_group(make: Make) -> None:
    bench = make()
    assert bench.serving
    bench.serving.groups = "none"
    assert 0.28 < (cost(bench, "burn")["server_cpu_s"] or 0) < 0.5


def test_memory_of_the_service_is_told(make: Make) -> None:
    assert (cost(make(), "plain")["server_memory_bytes"] or 0) > 1 << 20


def test_a_resource_of_the_service_is_a_metric(make: Make) -> None:
    bench = make(("metrics: {", "metrics: {cpu: {resource: server_cpu_s}, "))
    sample = bench.sample({**bench.baseline, "path": "burn"}, trial=0)
    assert 0.28 < sample.metrics["cpu"] < 0.5


@pytest.mark.needs("cores")
def test_service_and_load_run_on_cpus_of_their_own(make: Make) -> None:
    bench = make(("  reload: HUP", "  confine: {cpus: [1]}\n  reload: HUP"), more="confine: {cpus: [0]}\n")
    assert bench.sample(bench.baseline, trial=0).state is State.OK
    assert bench.serving
    started = bench.serving._now.started
    assert started
    status = Path(f"/proc/{started.pid}/status").read_text()
    assert "Cpus_allowed_list:\t1\n" in status
