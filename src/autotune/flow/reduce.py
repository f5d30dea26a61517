"""The reduction: takes back the changes of the winner that are shown to add nothing."""

from __future__ import annotations

from collections.abc import Sequence

from autotune.flow.blocks import begun, measured
from autotune.flow.clock import Clock
from autotune.flow.select import closed
from autotune.flow.work import Work
from autotune.judge.contest import dispensable, drop_looks, spared
from autotune.judge.reduction import of_round, taken_back
from autotune.model.leave_out import changed, leave_out
from autotune.model.run import Contest, Entrant, Stage
from autotune.model.space import Config
from autotune.model.study import Study
from autotune.model.verdict import Held
from autotune.study.risk import allowed

SCREENED = 8
"""Blocks that tell what each change adds: enough to know where to look, too few to prove much."""

_FEWEST_SCREENED = 6
_FEWEST_DROPPED = 10
_MOST_DROPS = 3
"""Groups that are tried, each half of the one before."""


def reduced(work: Work, clock: Clock, contest: Contest, winner: Entrant, *, reserved: int) -> Config:
    """The winner's configuration without what is shown to be dispensable; itself where nothing is.

    Each change is left out of the winner in blocks of its own. Those that seem to add nothing are then left
    out together: they go where that is shown to cost less than the margin, else half of them are tried. The
    time of `reserved` samples is not touched. `contest` is the selection that `winner` comes from.
    """
    study = work.study
    space = study.workload.space
    names = changed(space, study.baseline, winner.config)
    if len(names) < 2:
        return winner.config
    step = _Reduction(work, clock, contest.round, winner, reserved)
    screen = step.screened(names)
    if screen is not None and 0 < screen.blocks == screen.whole:
        step.drop(screen, _group(study, screen, names))
    gone = taken_back(study, work.session.record(), contest.round)
    return leave_out(space, study.baseline, winner.config, gone) if gone else winner.config


def _group(study: Study, screen: Contest, names: tuple[str, ...]) -> tuple[str, ...]:
    """What seems dispensable, the least missed first; of all changes the most missed one stays."""
    found = [screen.entrants[entrant].without[0] for entrant in dispensable(study, screen)]
    return tuple(found[:-1] if len(found) == len(names) else found)


class _Reduction:
    """The contests of one round, those that are recorded and those to come."""

    def __init__(self, work: Work, clock: Clock, number: int, winner: Entrant, reserved: int) -> None:
        self.work, self.study, self.clock = work, work.study, clock
        self.round, self.winner, self.reserved = number, winner, reserved

    def screened(self, names: tuple[str, ...]) -> Contest | None:
        """The winner against itself without each change that can be left out alone; None without any."""
        known = of_round(self.work.session.record(), self.round, "screen")
        if known:
            return self._measured(known[0])
        others = [entrant for name in names if (entrant := self._without((name,)))]
        if not others:
            return None
        return self._measured(self._begun("screen", others, most=SCREENED, least=_FEWEST_SCREENED))

    def drop(self, screen: Contest, group: tuple[str, ...]) -> None:
        """Tests groups of changes, from all of `group` to a quarter, until one is shown to be dispensable."""
        if taken_back(self.study, self.work.session.record(), screen.round):
            return
        for _ in range(_MOST_DROPS):
            entrant = self._without(group)
            if entrant is not None and entrant.config != dict(self.study.baseline) and self._goes(entrant):
                return
            group = group[: len(group) // 2]

    def _goes(self, entrant: Entrant) -> bool:
        """Whether leaving the changes out is shown to cost less than the margin."""
        drops = of_round(self.work.session.record(), self.round, "drop")
        contest = next((c for c in drops if c.entrants[1].without == entrant.without), None)
        if contest is None:
            pairs = self.study.validation.pairs
            contest = self._begun("drop", [entrant], most=pairs, least=min(_FEWEST_DROPPED, pairs))
        return _spared(self.study, self._measured(contest)) is Held.HELD

    def _begun(self, stage: Stage, others: Sequence[Entrant], *, most: int, least: int) -> Contest:
        entrants = (self.winner, *others)
        plan = Contest(
            number=len(self.work.session.record().contests),
            round=self.round,
            stage=stage,
            entrants=entrants,
            blocks=self.clock.blocks(len(entrants), most=most, least=least, reserved=self.reserved),
        )
        return begun(self.work, plan)

    def _measured(self, contest: Contest) -> Contest:
        """`contest` with what of it the time allows; as it is where a later step rests on it."""
        if closed(self.work.session.record(), contest):
            return contest
        return measured(
            self.work,
            contest,
            settled=lambda c: c.stage == "drop" and _spared(self.study, c) is not Held.UNSURE,
            out_of_time=lambda: self.clock.out(self.reserved),
        )

    def _without(self, names: tuple[str, ...]) -> Entrant | None:
        """The winner without these changes; None where that is not allowed, or no other configuration."""
        space = self.study.workload.space
        config = leave_out(space, self.study.baseline, self.winner.config, names)
        if config == dict(self.winner.config) or space.violated(config) or not allowed(self.study, config):
            return None
        return Entrant(trial=self.winner.trial, config=config, without=names)


def _spared(study: Study, contest: Contest) -> Held:
    return spared(study, contest, 1, looked=drop_looks(contest))
