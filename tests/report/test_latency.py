from __future__ import annotations

from dataclasses import replace

from autotune.model.trial import Distribution, Percentile, Sample, State
from autotune.model.workload import Metric
from autotune.report.latency import OMISSION, distribution_sides, loop_label
from autotune.report.sides import sides_of


def sample(name: str, p95: float) -> Sample:
    found = Distribution(
        unit="ms",
        count=400,
        mean=p95 / 2,
        least=0.1,
        most=3 * p95,
        percentiles=(Percentile(percent=95, value=p95, low=p95 - 1, high=p95 + 1),),
    )
    return Sample(state=State.OK, metrics={name: p95}, distributions={name: found})


def test_figures_of_a_distribution_stand_in_the_table_of_both_arms() -> None:
    p95 = Metric(name="p95", source="csv", where="lat", unit="ms", percentile=95.0)
    worst = replace(p95, name="worst", percentile=None, reduce="max")

    rows = distribution_sides((p95, worst), [sample("p95", 10)], [sample("p95", 8), sample("p95", 9)])

    assert [row.name for row in rows] == ["p95: mean", "p95: p95", "p95: max"]
    assert (rows[1].baseline, rows[1].tuned, rows[1].unit) == ((10,), (8, 9), "ms")
    assert OMISSION in rows[1].source


def test_only_percentiles_of_a_closed_loops_times_carry_the_label() -> None:
    p95 = Metric(name="p95", source="csv", where="lat", unit="ms", percentile=95.0)
    assert OMISSION in loop_label(p95)
    assert not loop_label(replace(p95, loop="open"))
    assert not loop_label(replace(p95, unit="B"))
    assert not loop_label(replace(p95, percentile=None, reduce="max"))


def test_a_time_that_the_workload_computed_carries_the_label_where_it_names_a_closed_loop() -> None:
    p95 = Metric(name="p95", source="json", where="$.p95", unit="ms", loop="closed")
    assert OMISSION in loop_label(p95)
    assert not loop_label(replace(p95, loop="open"))
    assert not loop_label(replace(p95, loop=None))
    assert not loop_label(replace(p95, unit="1/s"))
    side, *_ = sides_of((p95,), {"baseline": [Sample(state=State.OK, metrics={"p95": 3.0})], "candidate": []})
    assert side.source == f"workload (json), {OMISSION}"
