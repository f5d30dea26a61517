from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.report.untested import untested


def test_gaps_name_values_ranges_risks_and_what_was_confirmed(study: Study, record: RunRecord) -> None:
    said = "\n".join(untested(study, record))
    assert "journal_mode: never measured with memory, off." in said
    assert "synchronous: only full was measured." in said
    assert "values measured, from " in said
    assert "the range is 10 to 100000 pages." in said
    assert "Risk of durability was not searched: configurations where journal_mode in" in said
    assert "Only trial 31, the best of the search, was confirmed" in said
    assert "Other machines" in said


def test_an_allowed_risk_is_no_gap(make_study: Callable[..., Study], record: RunRecord) -> None:
    said = "\n".join(untested(make_study(allow_risk=frozenset({"durability"})), record))
    assert "Risk of durability" not in said


def test_earlier_confirmations_are_named(study: Study, record: RunRecord) -> None:
    first = replace(record.confirmations[0], trial=4)
    said = "\n".join(untested(study, replace(record, confirmations=(first, record.confirmations[0]))))
    assert "Trial 31 is the one judged here; compared before it: 4." in said


def test_a_run_without_confirmation_says_that_nothing_is_proven(study: Study, record: RunRecord) -> None:
    said = "\n".join(untested(study, replace(record, confirmations=())))
    assert "Nothing was confirmed" in said


def test_a_frozen_parameter_is_told(make_study: Callable[..., Study], record: RunRecord) -> None:
    said = "\n".join(untested(make_study(freeze=("page_size",)), record))
    assert "page_size: only 4096; the study freezes it." in said
