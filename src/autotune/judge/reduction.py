"""Which changes of a winner were taken back, and what each one that stayed adds."""

from __future__ import annotations

from collections.abc import Sequence

from autotune.judge.contest import added, dispensable, drop_looks, spared
from autotune.model.leave_out import changed
from autotune.model.run import Confirmation, Contest, RunRecord, Stage
from autotune.model.study import Study
from autotune.model.verdict import Effect, Held, Verdict


def of_round(record: RunRecord, number: int, stage: Stage) -> tuple[Contest, ...]:
    """The contests of one stage in round `number`, in order."""
    return tuple(c for c in record.contests if c.round == number and c.stage == stage)


def taken_back(study: Study, record: RunRecord, number: int) -> tuple[str, ...]:
    """Parameters that the winner of round `number` changes and the reduced configuration does not.

    Several go where leaving them out together is shown to cost less than the margin; one goes by the
    screening alone where that shows it.
    """
    for contest in of_round(record, number, "drop"):
        if spared(study, contest, 1, looked=drop_looks(contest)) is Held.HELD:
            return contest.entrants[1].without
    screened = of_round(record, number, "screen")
    return _by_screening(study, screened[-1]) if screened else ()


def _by_screening(study: Study, contest: Contest) -> tuple[str, ...]:
    found = dispensable(study, contest) if contest.whole else ()
    if len(found) != 1 or spared(study, contest, found[0], looked=drop_looks(contest)) is not Held.HELD:
        return ()
    return contest.entrants[found[0]].without


def own_effects(
    study: Study, record: RunRecord, confirmation: Confirmation, verdict: Verdict
) -> dict[str, tuple[Effect, int]]:
    """What each change of the confirmed configuration adds to the others, with the pairs behind it.

    Measured by leaving it out of the round's winner; of a single change it is the verdict's own effect. A
    change that is not in the answer was not measured alone. Of several objectives it is of the one that the
    verdict's figures are of.
    """
    study = study.of(verdict.metric)
    names = changed(study.workload.space, study.baseline, confirmation.config)
    if len(names) == 1:
        return {names[0]: (verdict.effect, verdict.pairs)} if verdict.effect else {}
    screened = of_round(record, confirmation.round, "screen")
    return {name: found for name, found in _added(study, screened).items() if name in names}


def _added(study: Study, screened: Sequence[Contest]) -> dict[str, tuple[Effect, int]]:
    found = {}
    for contest in screened:
        for entrant in range(1, len(contest.entrants)):
            effect = added(study, contest, entrant)
            if effect is not None:
                found[contest.entrants[entrant].without[0]] = (effect, contest.whole)
    return found
