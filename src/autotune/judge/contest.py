"""What blocks of several configurations say of each of them, against the first."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

import numpy as np

from autotune.judge.gains import Gains, joined
from autotune.judge.levels import nominal_levels
from autotune.judge.looks import looks
from autotune.judge.objective import ONE_SIDED
from autotune.judge.paired import Differences, column, differences
from autotune.judge.signedrank import interval
from autotune.judge.walsh import Floats, walsh_averages
from autotune.model.run import Contest
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.model.verdict import Effect, Held

LEVEL = 0.95
"""Confidence of the effects that a contest shows; none of them decides whether there is a profile."""


def gain(study: Study, contest: Contest, entrant: int) -> Effect | None:
    """How much better the entrant is than the first one; None where the blocks are too few to tell."""
    return _effect(against_first(study, contest, entrant))


def added(study: Study, contest: Contest, entrant: int) -> Effect | None:
    """How much better the first entrant is than this one: what the changes that this one lacks add."""
    return _effect(_first_against(study, contest, entrant))


def estimate(study: Study, contest: Contest, entrant: int) -> float:
    """Hodges-Lehmann estimate of how much better than the first the entrant is, on the scale of differences.

    A failed sample counts as worse than anything measured. Minus infinity before the first block.
    """
    seen = against_first(study, contest, entrant)
    return walsh_averages(seen.values).median if len(seen.values) else -np.inf


def promises(study: Study, contest: Contest, entrant: int) -> bool:
    """Whether the entrant looks better than the first: in the objective that the pick wants, or in any."""
    wanted = study.each[:1] if study.pick.kind == "bounded" else study.each
    return any(estimate(one, contest, entrant) > 0 for one in wanted)


def stand(study: Study, contest: Contest, entrants: Sequence[int]) -> Gains:
    """The estimated gains of `entrants` over the first, objective by objective."""
    return joined([_stand(one, contest, entrants) for one in study.each])


def _stand(study: Study, contest: Contest, entrants: Sequence[int]) -> tuple[Floats, float, bool]:
    relative = all(against_first(study, contest, entrant).relative for entrant in entrants)
    found = np.array([estimate(study, contest, entrant) for entrant in entrants])
    return found, margin_of(study, relative=relative), relative


def failed(contest: Contest, entrant: int) -> int:
    """How many of the entrant's samples failed."""
    return sum(sample.state is not State.OK for sample in contest.of(entrant))


def spared(study: Study, contest: Contest, entrant: int, *, looked: tuple[int, ...]) -> Held:
    """Whether it is shown that this entrant costs less than the margin against the first.

    held where it is: what the entrant lacks can go. broken where it is shown to cost more, or fails where the
    first does not. A one-sided 5 % over the looks at so many blocks, each way (see `judge_limit`). That it
    may be better than the first is no hindrance: what it lacks then does harm. Of several objectives it has
    to be shown for all: these claims are needed together, and take no correction.
    """
    if failed(contest, entrant) > failed(contest, 0):
        return Held.BROKEN
    answers = {_spared(one, contest, entrant, looked) for one in study.each}
    if Held.BROKEN in answers:
        return Held.BROKEN
    return Held.UNSURE if Held.UNSURE in answers else Held.HELD


def _spared(study: Study, contest: Contest, entrant: int, looked: tuple[int, ...]) -> Held:
    margin = margin_of(study, relative=against_first(study, contest, entrant).relative)
    for count, level in zip(looked, nominal_levels(looked, 2 * ONE_SIDED), strict=True):
        if count > contest.whole:
            break
        seen = against_first(study, contest, entrant, blocks=count).informative
        found = interval(walsh_averages(seen), level) if len(seen) else None
        if found and found.low >= -margin:
            return Held.HELD
        if found and found.high < -margin:
            return Held.BROKEN
    return Held.UNSURE


def margin_of(study: Study, *, relative: bool) -> float:
    """The study's margin on the scale of differences; 0 where values ask for one that is not given."""
    rules = study.validation
    return log1p(rules.min_gain) if relative else rules.min_difference or 0.0


def dispensable(study: Study, contest: Contest) -> tuple[int, ...]:
    """Entrants of a screening that seem to cost less than the margin, the least missed first.

    That is no claim: it only chooses what is worth a test. Of several objectives the one that is missed most,
    measured by its margin, counts.
    """
    found = {}
    for entrant in range(1, len(contest.entrants)):
        over = max(_over(one, contest, entrant) for one in study.each)
        fails = failed(contest, entrant) > failed(contest, 0)
        if not fails and over < 0:
            found[entrant] = over
    return tuple(sorted(found, key=lambda entrant: (found[entrant], entrant)))


def _over(study: Study, contest: Contest, entrant: int) -> float:
    """By how much the entrant costs more than the margin."""
    relative = against_first(study, contest, entrant).relative
    return -estimate(study, contest, entrant) - margin_of(study, relative=relative)


def drop_looks(contest: Contest) -> tuple[int, ...]:
    """When the test of dropping is looked at; a screening is looked at once, in its end."""
    if not contest.blocks:
        return ()
    return looks(contest.blocks) if contest.stage == "drop" else (contest.blocks,)


def _effect(seen: Differences) -> Effect | None:
    found = interval(walsh_averages(seen.values), 1 - LEVEL) if len(seen.values) else None
    if found is None:
        return None
    low, high = sorted((seen.change(found.low), seen.change(found.high)))
    return Effect(
        estimate=seen.change(found.estimate), low=low, high=high, level=LEVEL, relative=seen.relative
    )


def against_first(study: Study, contest: Contest, entrant: int, *, blocks: int | None = None) -> Differences:
    """Differences between the first entrant and this one over the whole blocks, or the first so many."""
    return _differences(study, contest.of(0)[:blocks], contest.of(entrant)[:blocks])


def _first_against(study: Study, contest: Contest, entrant: int) -> Differences:
    return _differences(study, contest.of(entrant), contest.of(0))


def _differences(study: Study, baseline: tuple[Sample, ...], candidate: tuple[Sample, ...]) -> Differences:
    return differences(
        _values(study, baseline),
        _values(study, candidate),
        direction=study.direction,
        reach=margin_of(study, relative=True),
    )


def _values(study: Study, samples: tuple[Sample, ...]) -> Floats:
    return column((s.metrics if s.state is State.OK else None for s in samples), study.objective)
