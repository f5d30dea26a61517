"""What the service costs is told apart from what the load costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autotune.core.registry import load as registered
from autotune.flow.bench import Bench
from autotune.model.trial import State
from autotune.study.load import load_workload

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


def test_work_of_the_service_is_no_disturbance(make: Make) -> None:
    bench = make()
    sample = bench.sample({**bench.baseline, "path": "burn"}, trial=0)
    foreign = next(r for r in sample.resources if r.name == "foreign_cpu_s")
    assert foreign.source == "/proc/stat: the whole host, less cpu_s and server_cpu_s"
    assert foreign.value is not None


def test_cpu_of_a_service_that_was_there_already_is_not_called_foreign(make: Make, folder: Path) -> None:
    bench = make()
    good = bench.sample(bench.baseline, trial=0)
    assert good.state is State.OK
    assert bench.serving
    port = bench.serving.around.port
    (folder / "http.yaml").write_text(
        f"workload: there\ndriver: http\nload: {{url: 'http://127.0.0.1:{port}/plain', users: 1, "
        "duration: 300ms, warmup: 0s}\nmetrics: {error_share: {}}\n"
    )
    other = replace(
        bench,
        workload=load_workload(folder / "http.yaml", facts={}),
        driver=registered("drivers", "http")(),
        serving=None,
        baseline={},
    )
    foreign = next(r for r in other.sample({}, trial=0).resources if r.name == "foreign_cpu_s")
    assert foreign.value is None
    assert foreign.quality == "unavailable"
