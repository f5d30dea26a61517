"""What a validation left out for lack of time, in words."""

from __future__ import annotations

from collections.abc import Iterator

from autotune.judge.contest import dispensable, drop_looks, spared
from autotune.judge.reduction import of_round, taken_back
from autotune.model.run import Confirmation, RunRecord
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.verdict import Held, Verdict


def undone(study: Study, record: RunRecord, confirmation: Confirmation, verdict: Verdict) -> tuple[str, ...]:
    """One sentence for each step of the confirmation's round that the time did not allow, or not whole."""
    if study.budget.bound_s is None:
        return ()
    return (
        *_selection(record, confirmation.round),
        *_reduction(study, record, confirmation.round),
        *_pairs(record, confirmation, verdict),
    )


def _selection(record: RunRecord, number: int) -> Iterator[str]:
    for contest in of_round(record, number, "select"):
        if contest.whole < contest.blocks:
            yield (
                f"the time allowed {contest.whole} of {contest.blocks} blocks to choose among the search's "
                f"{len(contest.entrants) - 1} best"
            )


def _reduction(study: Study, record: RunRecord, number: int) -> Iterator[str]:
    drops = of_round(record, number, "drop")
    for contest in of_round(record, number, "screen"):
        if contest.blocks == 0 or contest.whole < contest.blocks:
            yield "the time did not allow to measure what each change adds: none was taken back"
        elif not drops and not taken_back(study, record, number) and len(dispensable(study, contest)) > 1:
            yield "the time did not allow to test which changes can be taken back"
    if drops and not taken_back(study, record, number):
        last = drops[-1]
        unsure = last.blocks == 0 or spared(study, last, 1, looked=drop_looks(last)) is Held.UNSURE
        if unsure and (last.whole < last.blocks or last.blocks < study.validation.pairs):
            names = ", ".join(last.entrants[1].without)
            yield f"the time allowed {last.whole} pairs to test whether {names} can be taken back: they stay"


def _pairs(record: RunRecord, confirmation: Confirmation, verdict: Verdict) -> Iterator[str]:
    if not verdict.finished:
        yield f"the time allowed {verdict.pairs} of {verdict.planned_pairs} pairs"
    winner = next((t.config for t in record.trials if t.number == confirmation.trial), confirmation.config)
    reduced = config_key(confirmation.config) != config_key(winner)
    if reduced and not verdict.proven:
        yield "the time did not allow a second chance for the configuration with all of its changes"
