"""What a report says of several objectives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autotune.judge.confirmed import judged
from autotune.model.study import Limit, Objective, Pick
from autotune.report.chart_front import front_chart
from autotune.report.evidence import change_rows, run_facts
from autotune.report.front import front_data, front_view, objective_rows, pick_words
from autotune.report.page import render
from autotune.report.results import results
from autotune.report.text import verdict_sentence
from autotune.report.untested import untested


@pytest.fixture(scope="module")
def several(study):
    return replace(study, limits=(), further=(Objective(metric="p95_ms"),))


@pytest.fixture(scope="module")
def run(record):
    """The record with the second objective of every trial, as a search writes it."""
    trials = tuple(
        replace(t, further=(t.samples[-1].metrics["p95_ms"],)) if t.value is not None else t
        for t in record.trials
    )
    return replace(record, trials=trials)


@pytest.fixture(scope="module")
def verdict_on_both(several, run):
    return judged(several, run.confirmations[-1])


def test_the_sentence_names_every_objective_with_its_interval(several, verdict_on_both):
    told = verdict_sentence(several, verdict_on_both)
    assert told.startswith("BETTER: tps +1")
    assert ", p95_ms -6" in told
    assert "(less is better) against the baseline, 20 pairs, every limit held; margin 2 %" in told


def test_margins_that_differ_are_all_named(several, run):
    wide = replace(several, further=(Objective(metric="p95_ms", min_gain=0.1),))
    told = verdict_sentence(wide, judged(wide, run.confirmations[-1]))
    assert "; margins tps 2 %, p95_ms 10 %" in told


def test_front_holds_the_trials_that_kept_the_limits_and_nothing_dominates(several, run):
    data = front_data(several, run)
    points = [one["values"] for one in data["trials"]]
    assert all(
        not (other[0] >= one[0] and other[1] <= one[1] and other != one) for one in points for other in points
    )
    held = {t.number for t in run.trials if t.violation <= 0}
    assert {one["number"] for one in data["trials"]} <= held
    assert data["reference"] == data["baseline"]
    assert data["hypervolume"] > 0


def test_one_objective_has_no_front(study, record):
    assert front_data(study, record) is None
    assert front_view(study, record) is None


def test_results_and_page_hold_every_objective(several, run, verdict_on_both):
    data = results(several, run, verdict_on_both, None)
    assert [one["metric"] for one in data["verdict"]["objectives"]] == ["tps", "p95_ms"]
    assert data["trials"][0]["further"]
    page = render(several, run, verdict_on_both, None)
    for said in (
        "<h3>Objectives</h3>",
        "<h3>The front</h3>",
        "Hypervolume",
        "maximize tps; minimize p95_ms",
        "the knee",
    ):
        assert said in page
    rows = objective_rows(several, run, verdict_on_both)
    assert [row["answer"] for row in rows] == ["better", "better"]
    assert all("[" in row["change"] for row in rows)


def test_changes_say_what_they_add_to_each_objective(several, run, verdict_on_both):
    rows = change_rows(several, run, verdict_on_both)
    assert {row["adds"] for row in rows} == {"not measured alone"}


def test_front_of_three_objectives_has_a_plot_for_each_pair_with_the_first(several, run):
    for wide in (True, False):
        assert "<svg" in front_chart(several, run, wide=wide)
    workload = replace(
        several.workload,
        metrics=(*several.workload.metrics, replace(several.workload.metrics[1], name="p99_ms")),
    )
    three = replace(several, workload=workload, further=(*several.further, Objective(metric="p99_ms")))

    def more(sample):
        known = sample.metrics
        return replace(sample, metrics={**known, "p99_ms": 2 * known["p95_ms"]} if known else known)

    trials = tuple(replace(t, further=(*t.further, 2 * t.further[0])) if t.further else t for t in run.trials)
    third = replace(run, trials=trials, baseline=tuple(map(more, run.baseline)))
    assert "<svg" in front_chart(three, third, wide=True)


def test_a_bounded_pick_says_what_is_bounded_and_what_is_not_tested(several, run):
    text = "p95_ms <= 1.5 * baseline"
    bound = Limit(text=text, metric="p95_ms", operator="<=", bound=1.5, kind="relative")
    bounded = replace(several, pick=Pick(kind="bounded", subject_to=(bound,)))
    verdict = judged(bounded, run.confirmations[-1])
    assert [row["answer"] for row in objective_rows(bounded, run, verdict)] == [
        "better",
        "bounded by a limit",
    ]
    assert pick_words(bounded) == f"the most tps with {text}"
    data = front_data(bounded, run)
    assert data["reference"][1] == pytest.approx(1.5 * data["baseline"][1])
    assert "what the pick allows" in render(bounded, run, verdict, None)


@pytest.mark.parametrize(
    ("pick", "words"),
    [
        (Pick(kind="weights", weights={"tps": 2.0, "p95_ms": 1.0}), "weighted tps 2, p95_ms 1"),
        (Pick(kind="lexicographic", within=0.02), "the best of tps, then of p95_ms; what is within 2 %"),
        (Pick(kind="lexicographic"), "what is within its margin counts"),
    ],
)
def test_picks_are_told_in_words(several, pick, words):
    assert words in pick_words(replace(several, pick=pick))


def test_run_facts_and_gaps_name_objectives_and_the_front(several, run):
    facts = dict(run_facts(several, run))
    assert facts["Objectives"] == "maximize tps; minimize p95_ms"
    assert "Pick" in facts
    assert any(gap.startswith("The front beside the picked point: ") for gap in untested(several, run))
