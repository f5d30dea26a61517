from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.model.verdict import Effect, Verdict
from autotune.report.canvas import label
from autotune.report.chart_history import best_so_far, history_chart
from autotune.report.chart_pairs import pairs_chart
from autotune.report.chart_sides import drawable, side_chart
from autotune.report.pairs import last_pairs
from autotune.report.sides import sides


def _width(svg: str) -> float:
    return float(ET.fromstring(svg).attrib["width"].removesuffix("pt"))


@pytest.fixture
def charts(study: Study, record: RunRecord, verdict: Verdict) -> list[Callable[[bool], str]]:
    pairs = last_pairs(record)
    return [
        lambda wide: pairs_chart(study, pairs, verdict, wide=wide),
        lambda wide: history_chart(study, record, wide=wide),
    ]


def test_every_chart_has_a_wide_and_a_narrow_drawing(charts: list[Callable[[bool], str]]) -> None:
    for draw in charts:
        assert _width(draw(True)) > 600
        assert _width(draw(False)) < 300


def test_each_metric_and_resource_has_a_small_drawing(study: Study, record: RunRecord) -> None:
    rows = drawable(sides(study, record))
    drawings = [side_chart(row) for row in rows]
    assert len(rows) > 1
    assert all(_width(svg) < 300 for svg in drawings)
    assert not any("<text" in svg for svg in drawings)
    assert len(set(drawings)) == len(rows)


def test_fonts_are_paths_and_drawings_repeat(charts: list[Callable[[bool], str]]) -> None:
    drawings = [draw(False) for draw in charts]
    assert not any("<text" in svg for svg in drawings)
    assert drawings[0] == charts[0](False)


def test_names_that_the_font_lacks_are_drawn_without_a_warning(
    make_study: Callable[..., Study], record: RunRecord
) -> None:
    study = make_study()
    metric = replace(study.workload.metrics[0], unit="事务/$秒^2$\n😀")
    workload = replace(study.workload, metrics=(metric, study.workload.metrics[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "<svg" in history_chart(replace(study, workload=workload), record, wide=True)
    assert label("a事\x1b[2Jb") == "a\N{WHITE SQUARE}b"
    assert len(label("x" * 500)) < 50


def test_failed_pairs_and_half_pairs_are_drawn(study: Study, record: RunRecord) -> None:
    confirmation = record.confirmations[0]
    broken = replace(confirmation.samples[5], sample=Sample(state=State.TIMEOUT))
    samples = (*confirmation.samples[:5], broken, *confirmation.samples[6:-1])
    changed = replace(record, confirmations=(replace(confirmation, samples=samples),))
    assert "<svg" in pairs_chart(study, last_pairs(changed), None, wide=True)


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [-1.0, 5.0], [1e-9, 1e9], [7.0]])
def test_any_values_have_a_scale(values: list[float], study: Study) -> None:
    trials = tuple(
        Trial(number=i, config={}, origin="tpe", state=State.OK, value=v) for i, v in enumerate(values)
    )
    record = RunRecord(run="r", study="s", document={}, host={}, trials=trials)
    assert "<svg" in history_chart(study, record, wide=False)


def test_an_absolute_effect_is_not_drawn_as_a_percentage(
    study: Study, record: RunRecord, make_verdict: Callable[..., Verdict]
) -> None:
    verdict = make_verdict(effect=Effect(estimate=3, low=1, high=5, level=0.95, relative=False))
    assert "<svg" in pairs_chart(study, last_pairs(record), verdict, wide=True)


@pytest.mark.parametrize(
    ("direction", "best"), [("maximize", [3.0, 3.0, 4.0]), ("minimize", [3.0, 2.0, 2.0])]
)
def test_best_so_far_counts_only_good_trials_within_the_limits(direction: str, best: list[float]) -> None:
    values = [3.0, 2.0, 4.0]
    trials = [Trial(number=i, config={}, origin="tpe", state=State.OK, value=v) for i, v in enumerate(values)]
    trials.append(Trial(number=3, config={}, origin="tpe", state=State.OK, value=99.0, violation=0.1))
    trials.append(Trial(number=4, config={}, origin="tpe", state=State.TIMEOUT))
    found = best_so_far(trials, "maximize" if direction == "maximize" else "minimize")
    assert [value for _, value in found] == best
