"""A trial that was aborted: shown with its bound, and not among the failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autotune.model.run import RunRecord
from autotune.model.study import Abort, Study
from autotune.model.trial import Sample, State, Trial
from autotune.report.chart_history import best_so_far, history_chart
from autotune.report.evidence import run_facts, trial_rows
from autotune.report.failures import failures
from autotune.report.results import results
from autotune.report.untested import untested

REASON = "aborted at 3 x the baseline, after 6.0 s"


@pytest.fixture
def aborting(make_study: Callable[..., Study]) -> Study:
    return make_study("minimize", abort=Abort(beyond=3.0))


@pytest.fixture
def found() -> RunRecord:
    """A baseline of 2 s, a trial of 1 s, and one that was ended after 6 s."""
    quick = Sample(state=State.OK, metrics={"seconds": 1.0, "p95_ms": 1.0})
    cut = Sample(state=State.ABORTED, reason="aborted after 6.0 s: it had not ended by then", wall_s=6.0)
    done = {"origin": "tpe", "state": State.OK}
    trials = (
        Trial(number=0, config={"page_size": 8192}, value=1.0, samples=(quick,), **done),
        Trial(
            number=1,
            config={"page_size": 16384},
            origin="tpe",
            state=State.ABORTED,
            reason=REASON,
            value=6.0,
            samples=(cut,),
        ),
    )
    baseline = (replace(quick, metrics={"seconds": 2.0, "p95_ms": 1.0}),) * 3
    return RunRecord(
        run="r", study="quickstart", document={}, host={}, baseline=baseline, trials=trials, stopped="done"
    )


def test_its_row_has_the_bound_and_no_cross(aborting: Study, found: RunRecord) -> None:
    good, cut = trial_rows(aborting, found)
    assert good["values"] == ["1 s"]
    assert cut["values"] == ["> 6 s"]
    assert (cut["state"], cut["failed"]) == ("aborted", False)
    assert cut["note"].startswith(REASON)


def test_it_is_no_failure_and_no_best(found: RunRecord) -> None:
    assert failures(found) == ()
    assert best_so_far(found.trials, "minimize") == [(0, 1.0)]


def test_facts_of_the_run_count_it(aborting: Study, found: RunRecord) -> None:
    assert dict(run_facts(aborting, found))["Aborted"] == "1 of 2 trials, at 3 x the baseline"
    assert "Aborted" not in dict(run_facts(replace(aborting, abort=None), found))


def test_its_values_count_as_tried(aborting: Study, found: RunRecord) -> None:
    (told,) = [sentence for sentence in untested(aborting, found) if sentence.startswith("page_size")]
    assert "16384" not in told


def test_it_stands_in_the_picture_of_the_search(aborting: Study, found: RunRecord) -> None:
    lacking = replace(found.trials[1], state=State.RUNNING)
    without = replace(found, trials=(found.trials[0], lacking))
    drawn = [history_chart(aborting, record, wide=True) for record in (found, without)]
    assert len(drawn[0]) > len(drawn[1])


def test_a_picture_of_nothing_but_aborted_trials_is_drawn(aborting: Study, found: RunRecord) -> None:
    only = replace(found, trials=(replace(found.trials[1], number=0),))
    assert "<svg" in history_chart(aborting, only, wide=False)


def test_results_tell_a_bound_from_a_value(aborting: Study, found: RunRecord) -> None:
    told = [(t["value"], t["censored"]) for t in results(aborting, found, None, None)["trials"]]
    assert told == [(1.0, False), (6.0, True)]
