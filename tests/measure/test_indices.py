from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autotune.judge.efficiency import GIB
from autotune.measure.indices import Facts, composed, of_work
from autotune.measure.machine import Around, Reading
from autotune.measure.number import MetricError
from autotune.model.trial import Sample, Series, State
from autotune.model.workload import Metric, PythonCall, Workload

CPU = Metric(name="eff", source="index", where="cpu_efficiency")
MEMORY = Metric(name="mem", source="index", where="memory_efficiency")

RESOURCES = {
    "wall_s": 2.0,
    "cpu_s": 1.0,
    "voluntary_switches": 900.0,
    "involuntary_switches": 100.0,
    "minor_faults": 300.0,
    "major_faults": 100.0,
    "peak_memory_bytes": 2 * GIB,
}


def facts(**changes: Any) -> Facts:
    """A sample on a machine without sensors."""
    before = Reading(ticks=0, busy_ticks=(0, 0))
    after = Reading(ticks=200, busy_ticks=(150, 50), free_blocks=(512, *[0] * 8, 1))
    plain: dict[str, Any] = {
        "resources": RESOURCES,
        "series": Series(seconds=(0.5, 1.5), columns={"rss_bytes": (GIB, 3 * GIB)}),
        "around": Around(before=before, after=after),
        "returned": {},
        "cpus": 2,
    }
    return Facts(**{**plain, **changes})


@pytest.fixture(autouse=True)
def two_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})


def test_cpu_efficiency_is_made_of_its_known_parts_and_names_the_one_without_a_sensor() -> None:
    value, parts = composed(CPU, facts())
    scores = {part.name: part.value for part in parts}
    assert scores == {
        "eff.utilisation": 0.25,
        "eff.balance": pytest.approx(100 / 150),
        "eff.switches": 0.5,
        "eff.thermal": None,
    }
    assert value == pytest.approx((0.4 * 0.25 + 0.3 * 100 / 150 + 0.2 * 0.5) / 0.9)
    thermal = parts[-1]
    assert (thermal.quality, thermal.source) == ("unavailable", "no sensor of thermal throttling")


def test_utilisation_is_that_of_the_cpus_that_the_sample_may_run_on() -> None:
    _, parts = composed(CPU, facts(cpus=1))
    assert (parts[0].value, parts[0].source) == (0.5, "cpu_s / (wall_s * 1 CPUs)")


def test_memory_efficiency_leaves_out_what_no_runtime_tells() -> None:
    value, parts = composed(MEMORY, facts())
    assert {part.name: part.value for part in parts} == {
        "mem.allocation": pytest.approx(2 / 3),
        "mem.fragmentation": 0.5,
        "mem.cache": 0.75,
        "mem.collection": None,
    }
    assert value == pytest.approx((0.35 * 2 / 3 + 0.25 * 0.5 + 0.25 * 0.75) / 0.85)
    with_collection, _ = composed(MEMORY, facts(returned={"gc_s": 1.0}))
    assert with_collection == pytest.approx((0.35 * 2 / 3 + 0.25 * 0.5 + 0.25 * 0.75 + 0.15 * 0.5) / 1.0)


def test_other_weights_replace_the_usual_ones_and_parts_without_weight_are_not_shown() -> None:
    value, parts = composed(replace(CPU, weights={"utilisation": 1.0, "switches": 3.0}), facts())
    assert value == pytest.approx((0.25 + 3 * 0.5) / 4)
    assert [part.name for part in parts] == ["eff.utilisation", "eff.switches"]


def test_index_of_which_no_part_is_known_is_a_missing_metric() -> None:
    with pytest.raises(MetricError, match=r"no part of cpu_efficiency can be known here .*no sensor"):
        composed(replace(CPU, weights={"thermal": 1.0}), facts())


@pytest.mark.parametrize("collecting", [True, "1", None])
def test_seconds_of_collection_that_are_no_number_are_no_score(collecting: object) -> None:
    _, parts = composed(MEMORY, facts(returned={"gc_s": collecting}))
    assert parts[-1].value is None
    with pytest.raises(MetricError, match="no finite number"):
        composed(MEMORY, facts(returned={"gc_s": float("nan")}))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("work_per_cpu_s", 1000.0),
        ("work_per_gib_s", 1000 / (1 * 1.5 + 3 * 0.5)),
        ("cost_per_work", (1.0 * 0.36 + 3.0 * 0.036) / 3600 / 1000),
    ],
)
def test_work_is_related_to_what_it_took(where: str, value: float) -> None:
    metric = Metric(
        name="i", source="index", where=where, work="ops", prices={"cpu_hour": 0.36, "gib_hour": 0.036}
    )
    assert of_work(metric, 1000, facts()) == pytest.approx(value)


def test_sample_without_readings_counts_its_peak_all_the_time() -> None:
    metric = Metric(name="i", source="index", where="work_per_gib_s", work="ops")
    assert of_work(metric, 1000, facts(series=Series())) == pytest.approx(1000 / 4)


@pytest.mark.parametrize(
    ("where", "work", "resources", "message"),
    [
        ("work_per_cpu_s", 1, {"cpu_s": 0.0}, "CPU time is 0"),
        ("work_per_cpu_s", 1, {"cpu_s": None}, "resource 'cpu_s' cannot be measured here"),
        ("cost_per_work", 0, {}, r"work \('ops'\) is 0; it has to be above zero"),
    ],
)
def test_index_without_a_denominator_is_refused(
    where: str, work: float, resources: dict[str, Any], message: str
) -> None:
    metric = Metric(name="i", source="index", where=where, work="ops", prices={"cpu_hour": 1.0})
    with pytest.raises(MetricError, match=message):
        of_work(metric, work, facts(resources={**RESOURCES, **resources}))


def test_sample_yields_indices_with_their_parts_among_its_resources(
    tmp_path: Path, workload: Callable[..., Workload], sample: Callable[..., Sample]
) -> None:
    (tmp_path / "bench.py").write_text(
        "import time\n"
        "def run():\n"
        "    until = time.process_time() + 0.4\n"
        "    while time.process_time() < until: pass\n"
        "    return {'ops': 1000, 'gc_s': 0.01}\n"
    )
    per_cpu = Metric(name="per_cpu", source="index", where="work_per_cpu_s", work="ops")
    metrics = (per_cpu, CPU, MEMORY, Metric(name="ops", source="returned"))
    call = PythonCall(call="bench:run", path=tmp_path)
    taken = sample(workload(driver="python", python=call, metrics=metrics))
    assert taken.state is State.OK, taken.reason
    # 1,000 in the 0.4 s of the loop and the interpreter's start.
    assert 1000 / 1.2 < taken.metrics["per_cpu"] <= 1000 / 0.4
    assert 0 < taken.metrics["eff"] <= 1
    assert 0 < taken.metrics["mem"] <= 1
    names = {r.name: r.value for r in taken.resources}
    assert 0 < names["eff.balance"] <= 1
    assert names["mem.collection"] > 0.9
