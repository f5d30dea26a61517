from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from autotune.model.importance import Figure, Importance, Interaction, Weight
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.report.page import render
from autotune.report.results import results

STRONG = Figure(value=0.42, low=0.3, high=0.58, noise=0.05)
WEAK = Figure(value=0.03, low=0.0, high=0.09, noise=0.05)
HALF = Figure(value=0.08, low=0.04, high=0.12, noise=0.05)


@pytest.fixture
def found() -> Importance:
    return Importance(
        metric="tps",
        trials=40,
        needed=20,
        explained=0.873,
        weights=(
            Weight(parameter="journal_mode", change=STRONG, best=STRONG),
            Weight(parameter="page_size", change=HALF, best=WEAK),
            Weight(parameter="synchronous", change=WEAK, best=None),
        ),
        interactions=(Interaction(parameters=("journal_mode", "page_size"), change=WEAK),),
    )


def test_only_what_is_above_the_noise_with_its_whole_interval_is_shown(found: Importance) -> None:
    assert found.matters == ("journal_mode",)
    assert not HALF.shown


def test_the_page_has_a_row_and_a_bar_for_each_parameter(
    study: Study, record: RunRecord, found: Importance
) -> None:
    page = render(study, record, None, None, (found,))
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "What mattered" in page
    assert "± 42 %" in text
    assert "30 % to 58 %" in text
    assert "87 % of the variance" in text
    assert page.count('class="bar') == 4
    assert page.count('class="bar faint') == 3
    assert "journal_mode and page_size" in page
    assert page.count("not distinguishable from zero") >= 3


def test_too_few_trials_are_told(study: Study, record: RunRecord) -> None:
    page = render(study, record, None, None, (Importance(metric="tps", trials=7, needed=20),))
    assert "Needs 20 trials with a value; there are 7." in page


def test_a_run_without_trials_says_nothing_of_it(study: Study, record: RunRecord) -> None:
    assert "What mattered" not in render(study, record, None, None)


def test_changes_in_a_unit_carry_it(study: Study, record: RunRecord, found: Importance) -> None:
    plain = Importance(metric="p95_ms", trials=40, needed=20, relative=False, weights=found.weights[:1])
    assert "± 0.42 ms" in render(study, record, None, None, (plain,))


def test_results_hold_every_figure(study: Study, record: RunRecord, found: Importance) -> None:
    data = json.loads(json.dumps(results(study, record, None, None, (found,)), allow_nan=False))
    one = data["importance"][0]
    assert (one["metric"], one["trials"], one["relative"]) == ("tps", 40, True)
    assert one["parameters"][0]["change"] == {
        "value": 0.42,
        "low": 0.3,
        "high": 0.58,
        "noise": 0.05,
        "needed": True,
        "shown": True,
    }
    assert one["parameters"][2]["best"] is None
    assert one["interactions"][0]["parameters"] == ["journal_mode", "page_size"]


def test_results_without_it_hold_none(study: Study, make_record: Callable[..., RunRecord]) -> None:
    assert results(study, make_record(study, trials=2, pairs=1), None, None)["importance"] == []
