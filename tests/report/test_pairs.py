from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.report.pairs import last_pairs, pairs_of, relative_change, value
from autotune.report.sides import middle, sides


def test_the_warm_up_is_no_pair(record: RunRecord) -> None:
    assert [pair.number for pair in last_pairs(record)] == list(range(20))


def test_pairs_know_which_arm_went_first(record: RunRecord) -> None:
    samples = record.confirmations[0].samples
    first = [s.arm for s in samples if s.pair >= 0 and s.order == 0]
    assert [pair.first for pair in last_pairs(record)] == first


def test_half_a_pair_has_no_change(record: RunRecord) -> None:
    confirmation = record.confirmations[0]
    cut = replace(confirmation, samples=confirmation.samples[:-1])
    last = pairs_of(cut)[-1]
    assert last.baseline is None or last.candidate is None
    assert relative_change(last, "tps") is None


@pytest.mark.parametrize(
    "sample",
    [
        None,
        Sample(state=State.TIMEOUT, metrics={"tps": 1.0}),
        Sample(state=State.OK, metrics={"other": 1.0}),
    ],
)
def test_a_sample_that_did_not_end_well_has_no_value(sample: Sample | None) -> None:
    assert value(sample, "tps") is None


def test_sides_are_medians_with_n_source_and_quality(study: Study, record: RunRecord) -> None:
    rows = {row.name: row for row in sides(study, record)}
    tps = rows["tps"]
    assert (len(tps.baseline), len(tps.tuned)) == (20, 20)
    assert middle(tps.tuned) == pytest.approx(58 * 2.8, rel=0.1)
    assert (rows["peak_memory_bytes"].quality, rows["peak_memory_bytes"].source) == ("sampled", "VmRSS")
    assert rows["energy_j"].baseline == ()
    assert rows["energy_j"].quality == "unavailable"


def test_an_empty_run_has_no_sides(make_record: Callable[..., RunRecord], study: Study) -> None:
    rows = sides(study, replace(make_record(study), confirmations=()))
    assert all(row.baseline == () and row.tuned == () for row in rows)
