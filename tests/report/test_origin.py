"""Where metrics have their figures from."""

from __future__ import annotations

import pytest

from autotune.model.trial import Quality, Resource, Sample, State
from autotune.model.workload import Metric
from autotune.report.origin import origin
from autotune.report.sides import sides_of

OPS = Metric(name="ops", source="regex", where="(.*)")
MEM = Metric(name="mem", source="resource", where="peak_memory_bytes", unit="MiB")
CPU = Metric(name="cpu", source="index", where="cpu_efficiency")
PRICES = {"cpu_hour": 1.0, "gib_hour": 0.0}
COST = Metric(name="cost", source="index", where="cost_per_work", work="ops", prices=PRICES)
PER_GIB = Metric(name="per_gib", source="index", where="work_per_gib_s", work="ops")
PER_CPU = Metric(name="per_cpu", source="index", where="work_per_cpu_s", work="mem")


def sample(peak: Quality) -> Sample:
    figures: list[tuple[str, float | None, Quality]] = [
        ("cpu_s", 1.0, "exact"),
        ("peak_memory_bytes", 1.0, peak),
        ("cpu.utilisation", 0.5, "exact"),
        ("cpu.balance", 0.5, "sampled"),
        ("cpu.thermal", None, "unavailable"),
    ]
    made = tuple(Resource(name=n, value=v, unit="", source=f"s-{n}", quality=q) for n, v, q in figures)
    return Sample(state=State.OK, metrics={"mem": 1.0}, resources=made)


@pytest.mark.parametrize(
    ("metric", "peak", "source", "quality"),
    [
        (OPS, "floor", "workload (regex)", "exact"),
        (MEM, "floor", "s-peak_memory_bytes", "floor"),
        (MEM, "exact", "s-peak_memory_bytes", "exact"),
        (CPU, "floor", "index of cpu.utilisation, cpu.balance", "sampled"),
        (COST, "floor", "index of ops, cpu_s", "exact"),
        (PER_GIB, "exact", "index of ops, memory over time", "sampled"),
        (PER_GIB, "floor", "index of ops, memory over time", "floor"),
        (PER_CPU, "floor", "index of mem, cpu_s", "floor"),
    ],
)
def test_a_metric_has_the_worst_quality_of_what_it_comes_from(
    metric: Metric, peak: Quality, source: str, quality: Quality
) -> None:
    samples = [sample("exact"), sample(peak)]
    assert origin(metric, (OPS, MEM, CPU, COST, PER_GIB, PER_CPU), samples) == (source, quality)


def test_a_metric_that_no_sample_has_is_unavailable() -> None:
    (side, *_) = sides_of((MEM,), {"baseline": [], "candidate": []})
    assert (side.source, side.quality) == ("resource of the sample", "unavailable")
