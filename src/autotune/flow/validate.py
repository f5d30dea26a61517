"""The proof: the best configuration against the baseline on fresh, coin-ordered pairs."""

from __future__ import annotations

from collections.abc import Callable

from autotune.core.errors import AutotuneError, UsageError, WorkloadError
from autotune.flow.outcome import best
from autotune.flow.pairs import Pairs, measured
from autotune.flow.work import Work
from autotune.judge.confirmed import judged, plan_for
from autotune.model.run import Arm, Confirmation, PairedSample, RunRecord
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.trial import Sample
from autotune.model.verdict import Verdict

__all__ = ["answer", "confirm", "judged", "nothing_to_confirm", "planned"]

ALPHA = 0.05
"""Two-sided level of a run's first confirmation; each further one, after more search, has half of the last.

All confirmations of a run together are then wrong in at most twice this share of runs.
"""


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
    """The plan with its pairs measured until the verdict is finished, they are used up or the time is."""
    study, session, bench = work.study, work.session, work.bench
    configs = {"baseline": study.baseline, "candidate": plan.config}

    def take(arm: Arm) -> Sample:
        return bench.sample(configs[arm], trial=plan.trial if arm == "candidate" else -1)

    def keep(one: PairedSample) -> None:
        session.store.add_sample(
            session.run,
            one.sample,
            role="confirmation",
            attempt=one.attempt,
            pair=one.pair,
            arm=one.arm,
            order=one.order,
            index=one.take or None,
        )

    pairs = Pairs(
        what=f"study '{study.name}'",
        seed=study.sampler.seed,
        plan=plan_for(study, plan),
        take=take,
        keep=keep,
        tell=work.listener.pair,
        note=work.listener.note,
        out_of_time=out_of_time,
    )
    return measured(pairs, plan)


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
