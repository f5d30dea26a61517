"""The proof: the best configuration against the baseline on fresh, coin-ordered pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from autotune.core.errors import AutotuneError, UsageError, WorkloadError
from autotune.flow.outcome import best
from autotune.flow.work import Work
from autotune.judge.confirmed import judged
from autotune.judge.looks import looks
from autotune.judge.rerun import reruns
from autotune.model.run import ARMS, Arm, Confirmation, PairedSample, RunRecord
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.trial import State
from autotune.model.verdict import Verdict

__all__ = ["answer", "coins", "confirm", "judged", "nothing_to_confirm", "planned"]

ALPHA = 0.05
"""Two-sided level of a run's first confirmation; each further one, after more search, has half of the last.

All confirmations of a run together are then wrong in at most twice this share of runs.
"""

_COIN_STREAM = 0xC014
"""Keeps the coins apart from every other draw that uses the study's seed."""

_FEWEST_FAILED = 3
"""One or two failures may be accidents; so many, in more than a quarter of the pairs, are not."""


def coins(seed: int, attempt: int, pairs: int, *, take: int = 0) -> list[bool]:
    """For each pair, whether the baseline goes first: fair, independent, the same at every resume.

    A pair that is run again, `take` 1, has a coin of its own.
    """
    stream = np.random.default_rng([_COIN_STREAM, attempt, seed, *([take] if take else [])])
    return [bool(coin) for coin in stream.integers(0, 2, size=pairs)]


def planned(work: Work) -> Confirmation | None:
    """The comparison to make: the recorded one of the best trial, or a new one, recorded before it begins.

    None where no trial other than the baseline succeeded.
    """
    study, session = work.study, work.session
    record = session.record()
    candidate = best(study, record.trials)
    if candidate is None:
        return None
    for known in record.confirmations:
        if config_key(known.config) == config_key(candidate.config):
            return known
    attempt = len(record.confirmations)
    plan = Confirmation(
        attempt=attempt,
        trial=candidate.number,
        config=candidate.config,
        alpha=ALPHA / 2**attempt,
        pairs=study.validation.pairs,
    )
    session.store.add_confirmation(session.run, plan.attempt, plan.trial, plan.config, plan.alpha, plan.pairs)
    return plan


def confirm(work: Work, plan: Confirmation, *, out_of_time: Callable[[], bool]) -> Confirmation:
    """Measures the plan's pairs until the verdict is finished, the pairs are used up or the time is.

    Samples already recorded are kept, and each pair keeps the order that its coin gave it. Before each look
    the pairs since the last one that were disturbed are run again, within bounds.
    """
    study, listener = work.study, work.listener
    if judged(study, plan).finished and not _owed(plan):
        return plan
    plan = _pair(work, plan, -1, ARMS)
    for pair, baseline_first in enumerate(coins(study.sampler.seed, plan.attempt, plan.pairs)):
        if out_of_time():
            listener.note(f"the time is used up after {pair} of {plan.pairs} pairs")
            break
        known = len(plan.samples)
        plan = _pair(work, plan, pair, ARMS if baseline_first else ARMS[::-1])
        _refuse_failing_baseline(work.study, plan)
        at_look = pair + 1 in looks(plan.pairs)
        if at_look:
            plan = _again(work, plan, pair + 1)
        verdict = judged(study, plan) if at_look else None
        if len(plan.samples) > known:
            listener.pair(pair + 1, plan.pairs, verdict)
        if verdict is not None and verdict.finished:
            break
    return plan


def _again(work: Work, plan: Confirmation, measured: int) -> Confirmation:
    """The plan with those pairs run again that were disturbed since the look before this one."""
    order = coins(work.study.sampler.seed, plan.attempt, plan.pairs, take=1)
    for pair in reruns(plan, measured):
        plan = _pair(work, plan, pair, ARMS if order[pair] else ARMS[::-1], take=1)
    return plan


def _owed(plan: Confirmation) -> bool:
    """Whether a stop came between the last look's pairs and their second runs."""
    measured = len({s.pair for s in plan.samples if s.pair >= 0})
    again = {(s.pair, s.arm) for s in plan.samples if s.take}
    return any((pair, arm) not in again for pair in reruns(plan, measured) for arm in ARMS)


def _refuse_failing_baseline(study: Study, plan: Confirmation) -> None:
    """Raises WorkloadError where the baseline, which worked before, fails too often to compare with."""
    arm = [s.sample for s in plan.used if s.arm == "baseline" and s.pair >= 0]
    failed = [sample for sample in arm if sample.state is not State.OK]
    if len(failed) >= _FEWEST_FAILED and len(failed) > len(arm) / 4:
        raise WorkloadError(
            f"the baseline of study '{study.name}' failed in {len(failed)} of {len(arm)} pairs of the "
            f"validation, the last time with: {failed[-1].reason}. Nothing can be compared with it. Make the "
            "workload reliable under its defaults, then start anew with --fresh."
        )


def _pair(work: Work, plan: Confirmation, pair: int, order: Sequence[Arm], *, take: int = 0) -> Confirmation:
    """The plan with both arms of one pair measured; an arm that is already recorded is not measured again."""
    session = work.session
    configs = {"baseline": work.study.baseline, "candidate": plan.config}
    known = {s.arm for s in plan.samples if s.pair == pair and s.take == take}
    for position, arm in enumerate(order):
        if arm in known:
            continue
        sample = work.bench.sample(configs[arm], trial=plan.trial if arm == "candidate" else -1)
        place = PairedSample(
            attempt=plan.attempt, pair=pair, arm=arm, order=position, sample=sample, take=take
        )
        session.store.add_sample(
            session.run,
            sample,
            role="confirmation",
            attempt=plan.attempt,
            pair=pair,
            arm=arm,
            order=position,
            index=take or None,
        )
        plan = replace(plan, samples=(*plan.samples, place))
    return plan


def answer(study: Study, record: RunRecord) -> tuple[Confirmation, Verdict] | None:
    """What the run can claim: its last proven confirmation, else its last, else None."""
    judgements = [(c, judged(study, c)) for c in record.confirmations]
    proven = [j for j in judgements if j[1].proven]
    return next(reversed(proven or judgements), None)


def nothing_to_confirm(record: RunRecord) -> AutotuneError:
    """The error for a search in which no configuration but the baseline worked, or none was tried."""
    if not record.trials:
        return UsageError(f"no configuration was tried: {record.stopped}. Raise the budget and run it again.")
    failed = [t for t in record.trials if t.state.failed]
    last = f", the last with: {failed[-1].reason}" if failed else ""
    return WorkloadError(
        f"none of the {len(record.trials)} configurations tried could be compared with the baseline{last}. "
        "The baseline works: look at the parameters' domains."
    )
