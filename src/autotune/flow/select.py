"""The selection: the best of the search on fresh blocks, where no luck of the search counts."""

from __future__ import annotations

from collections.abc import Sequence

from autotune.flow.blocks import begun, measured
from autotune.flow.clock import Clock
from autotune.flow.outcome import violation
from autotune.flow.sampling import recommended
from autotune.flow.work import Work
from autotune.judge.contest import estimate, failed, promises, stand
from autotune.judge.pick import order
from autotune.model.run import Contest, Entrant, RunRecord
from autotune.model.study import Study
from autotune.model.trial import Trial

BLOCKS = 6
"""Runs of each candidate: the fewest that a signed-rank test can tell anything from."""


def selection(work: Work, clock: Clock, *, reserved: int) -> Contest | None:
    """The contest among the search's best, measured as far as the time beside `reserved` samples allows.

    The recorded one where the same trials took part, else a new one, which begins a round. None where no
    trial other than the baseline succeeded.
    """
    study = work.study
    record = work.session.record()
    best = recommended(study, record, study.validation.candidates)
    if not best:
        return None
    contest = _recorded(record, best) or begun(work, _planned(study, record, best))
    if closed(record, contest):
        return contest
    before = contest.whole
    contest = measured(work, contest, settled=lambda _: False, out_of_time=lambda: clock.out(reserved))
    if contest.whole > before:
        work.listener.note(_told(study, contest))
    return contest


def _told(study: Study, contest: Contest) -> str:
    place = contest.entrants.index(winner(study, contest))
    best = "the first" if place == 1 else f"number {place}"
    return (
        f"of the search's {len(contest.entrants) - 1} best, {best} goes on: the best in {contest.whole} "
        "blocks of fresh runs"
    )


def _recorded(record: RunRecord, best: Sequence[Trial]) -> Contest | None:
    numbers = [-1, *(t.number for t in best)]
    known = [c for c in record.contests if c.stage == "select"]
    return next((c for c in reversed(known) if [e.trial for e in c.entrants] == numbers), None)


def _planned(study: Study, record: RunRecord, best: Sequence[Trial]) -> Contest:
    rounds = [*(c.round for c in record.contests), *(c.round for c in record.confirmations)]
    entrants = [Entrant(trial=t.number, config=t.config) for t in best]
    return Contest(
        number=len(record.contests),
        round=max(rounds, default=-1) + 1,
        stage="select",
        entrants=(Entrant(trial=-1, config=study.baseline), *entrants),
        blocks=BLOCKS if len(best) > 1 else 0,
    )


def closed(record: RunRecord, contest: Contest) -> bool:
    """Whether a later step of the round has begun: what that rests on never changes."""
    later = any(c.round == contest.round and c.number > contest.number for c in record.contests)
    return later or any(c.round == contest.round for c in record.confirmations)


def winner(study: Study, contest: Contest) -> Entrant:
    """The entrant to prove: fewest failures first, then limits, then the gain over the baseline.

    Of several objectives the gains are ordered by the study's pick.
    """

    def worth(entrant: int) -> tuple[float, float]:
        missed = violation(study.limits, contest.of(entrant), contest.of(0)) if contest.whole else 0.0
        return failed(contest, entrant), missed

    others = range(1, len(contest.entrants))
    least = min(map(worth, others))
    equal = [entrant for entrant in others if worth(entrant) == least]
    if not study.further or not contest.whole:
        return contest.entrants[min(equal, key=lambda entrant: -estimate(study, contest, entrant))]
    bounds = study.pick.subject_to
    missed = [violation(bounds, contest.of(entrant), contest.of(0)) for entrant in equal]
    return contest.entrants[equal[next(order(study, stand(study, contest, equal), missed))]]


def promising(study: Study, contest: Contest) -> bool:
    """Whether the winner was better than the baseline on fresh runs, as far as any were made."""
    if not contest.whole:
        return True
    return promises(study, contest, contest.entrants.index(winner(study, contest)))
