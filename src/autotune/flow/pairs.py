"""Measures the pairs of a comparison in the order of their coins, until its answer is finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autotune.core.errors import WorkloadError
from autotune.judge.confirmed import verdict_on
from autotune.judge.looks import looks
from autotune.judge.plan import Plan
from autotune.judge.rerun import reruns
from autotune.model.run import ARMS, Arm, Confirmation, PairedSample
from autotune.model.trial import Sample, State
from autotune.model.verdict import Verdict

_COIN_STREAM = 0xC014
"""Keeps the coins apart from every other draw that uses the same seed."""

_FEWEST_FAILED = 3
"""One or two failures may be accidents; so many, in more than a quarter of the pairs, are not."""


def finished(verdict: Verdict) -> bool:
    """Whether more pairs would not be looked at."""
    return verdict.finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """How a comparison is measured: what takes, keeps and judges its samples, and who is told.

    `what` names the comparison in an error; `seed` is what its coins are drawn from. `tell` hears of each new
    pair: done, planned, and the verdict where that was a look, which ends it where it is `enough`.
    """

    what: str
    seed: int
    plan: Plan
    take: Callable[[Arm], Sample]
    keep: Callable[[PairedSample], None]
    tell: Callable[[int, int, Verdict | None], None]
    note: Callable[[str], None]
    out_of_time: Callable[[], bool]
    enough: Callable[[Verdict], bool] = finished


def coins(seed: int, attempt: int, pairs: int, *, take: int = 0) -> list[bool]:
    """For each pair, whether the baseline goes first: fair, independent, the same at every resume.

    A pair that is run again, `take` 1, has a coin of its own.
    """
    stream = np.random.default_rng([_COIN_STREAM, attempt, seed, *([take] if take else [])])
    return [bool(coin) for coin in stream.integers(0, 2, size=pairs)]


def measured(pairs: Pairs, known: Confirmation) -> Confirmation:
    """`known` with its pairs measured until a look is enough, all are used up or the time is.

    Samples already recorded are kept, and each pair keeps the order that its coin gave it. Before each look
    the pairs since the last one that were disturbed are run again, within bounds. Raises WorkloadError where
    the baseline fails too often to compare with.
    """
    if pairs.enough(verdict_on(pairs.plan, known)) and not _owed(known):
        return known
    found = _pair(pairs, known, -1, ARMS)
    for pair, baseline_first in enumerate(coins(pairs.seed, known.attempt, known.pairs)):
        if pairs.out_of_time():
            pairs.note(f"the time is used up after {pair} of {known.pairs} pairs")
            break
        before = len(found.samples)
        found = _pair(pairs, found, pair, ARMS if baseline_first else ARMS[::-1])
        _refuse_failing_baseline(pairs.what, found)
        at_look = pair + 1 in looks(known.pairs)
        if at_look:
            found = _again(pairs, found, pair + 1)
        verdict = verdict_on(pairs.plan, found) if at_look else None
        if len(found.samples) > before:
            pairs.tell(pair + 1, known.pairs, verdict)
        if verdict is not None and pairs.enough(verdict):
            break
    return found


def _again(pairs: Pairs, found: Confirmation, at: int) -> Confirmation:
    """`found` with those pairs run again that were disturbed since the look before the one at `at` pairs."""
    order = coins(pairs.seed, found.attempt, found.pairs, take=1)
    for pair in reruns(found, at):
        found = _pair(pairs, found, pair, ARMS if order[pair] else ARMS[::-1], take=1)
    return found


def _owed(found: Confirmation) -> bool:
    """Whether a stop came between the last look's pairs and their second runs."""
    at = len({s.pair for s in found.samples if s.pair >= 0})
    again = {(s.pair, s.arm) for s in found.samples if s.take}
    return any((pair, arm) not in again for pair in reruns(found, at) for arm in ARMS)


def _refuse_failing_baseline(what: str, found: Confirmation) -> None:
    arm = [s.sample for s in found.used if s.arm == "baseline" and s.pair >= 0]
    failed = [sample for sample in arm if sample.state is not State.OK]
    if len(failed) >= _FEWEST_FAILED and len(failed) > len(arm) / 4:
        raise WorkloadError(
            f"the baseline of {what} failed in {len(failed)} of {len(arm)} pairs, the last "
            f"time with: {failed[-1].reason}. Nothing can be compared with it. Make it reliable, then "
            "start anew (a study with --fresh)."
        )


def _pair(
    pairs: Pairs, found: Confirmation, pair: int, order: Sequence[Arm], *, take: int = 0
) -> Confirmation:
    """`found` with both arms of one pair measured; an arm that is already recorded is not measured again."""
    known = {s.arm for s in found.samples if s.pair == pair and s.take == take}
    for position, arm in enumerate(order):
        if arm in known:
            continue
        place = PairedSample(
            attempt=found.attempt, pair=pair, arm=arm, order=position, sample=pairs.take(arm), take=take
        )
        pairs.keep(place)
        found = replace(found, samples=(*found.samples, place))
    return found
