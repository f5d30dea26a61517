"""The proof: select, reduce, and confirm against the baseline on fresh, coin-ordered pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from autotune.core.errors import AutotuneError, UsageError, WorkloadError
from autotune.flow.clock import Clock
from autotune.flow.pairs import Pairs, measured
from autotune.flow.reduce import SCREENED, reduced
from autotune.flow.select import BLOCKS, promising, selection, winner
from autotune.flow.sentinel import BASELINE
from autotune.flow.work import Work
from autotune.judge.confirmed import judged, plan_for
from autotune.judge.levels import decides
from autotune.judge.looks import looks
from autotune.judge.reduction import taken_back
from autotune.judge.rerun import MOST
from autotune.judge.reserve import expected_pairs
from autotune.judge.undone import undone
from autotune.model.run import Arm, Confirmation, Entrant, PairedSample, RunRecord
from autotune.model.space import Config, config_key
from autotune.model.study import Study
from autotune.model.trial import Sample, State
from autotune.model.verdict import Verdict

ALPHA = 0.05
"""Two-sided level of a run's first round; each further one, after more search, has half of the last.

All confirmations of a run together are then wrong in at most twice this share of runs.
"""

_SLACK = 1.1
"""Over what the pairs are expected to take."""

_REDUCED = 0.8
"""Of a round's level, spent on the reduced configuration; the rest is for the one with all changes, where the
pairs can prove anything at such a level. Else it would be wasted, and the first chance could not use it."""


def validate(work: Work, clock: Clock) -> Confirmation | None:
    """Selects, reduces and confirms the best of the search; the confirmation that came last.

    Whatever is recorded already is not measured again, and what a later step rests on stays as it is. Returns
    None where no trial other than the baseline succeeded.
    """
    study, listener = work.study, work.listener
    contest = selection(work, clock, reserved=confirm_samples(looks(study.validation.pairs)[:2][-1]))
    if contest is None:
        return None
    one = winner(study, contest)
    config = one.config
    if study.validation.reduce and promising(study, contest):
        number = contest.entrants.index(one)
        reserved = confirm_samples(expected_pairs(study, contest, number, alpha=ALPHA / 2**contest.round))
        config = reduced(work, clock, contest, one, reserved=reserved)
    if gone := taken_back(study, work.session.record(), contest.round):
        listener.note(f"taken back, for nothing is lost without: {', '.join(gone)}")
    done = None
    for chance, (plan, alpha) in enumerate(_chances(study, one.config, config, contest.round)):
        if done is not None:
            if clock.out():
                break
            listener.note("a second chance for the configuration with all of its changes")
        done = confirm(work, _planned(work, contest.round, chance, one, plan, alpha), out_of_time=clock.out)
        if judged(study, done).proven:
            break
    return done


def _chances(study: Study, whole: Config, config: Config, number: int) -> list[tuple[Config, float]]:
    """The configurations to confirm in order, each with its level, fixed before the first pair."""
    level = ALPHA / 2**number
    rest = (1 - _REDUCED) * level
    if config_key(config) == config_key(whole) or not decides(study.validation.pairs, rest):
        return [(config, level)]
    return [(config, _REDUCED * level), (whole, rest)]


def _planned(  # noqa: PLR0913, PLR0917  a plan has as many parts
    work: Work, number: int, chance: int, one: Entrant, config: Config, alpha: float
) -> Confirmation:
    """The recorded confirmation of the round's chance, or a new one, recorded before it begins."""
    session = work.session
    known = session.record().confirmations
    of_round = [c for c in known if c.round == number]
    if chance < len(of_round):
        return of_round[chance]
    plan = Confirmation(
        attempt=len(known),
        round=number,
        trial=one.trial,
        config=config,
        alpha=alpha,
        pairs=work.study.validation.pairs,
    )
    session.store.add_confirmation(session.run, plan)
    return plan


def confirm(work: Work, plan: Confirmation, *, out_of_time: Callable[[], bool]) -> Confirmation:
    """The plan with its pairs measured until the verdict is finished, they are used up or the time is."""
    study, session, bench = work.study, work.session, work.bench
    configs = {"baseline": study.baseline, "candidate": plan.config}

    def take(arm: Arm) -> Sample:
        return bench.sample(configs[arm], trial=BASELINE)  # both arms alike, so that no metric can tell them

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
    """What the run can claim: its last proven confirmation, else its last, else None.

    What the time did not allow is among the verdict's warnings.
    """
    judgements = [(c, judged(study, c)) for c in record.confirmations]
    proven = [j for j in judgements if j[1].proven]
    found = next(reversed(proven or judgements), None)
    if found is None:
        return None
    confirmation, verdict = found
    later = _later(judgements, confirmation)
    left = undone(study, record, confirmation, verdict)
    return confirmation, replace(verdict, warnings=(*verdict.warnings, *later, *left))


def _later(judgements: Sequence[tuple[Confirmation, Verdict]], answering: Confirmation) -> tuple[str, ...]:
    """That the answer is an earlier round's, where the last one ended otherwise."""
    last, verdict = judgements[-1]
    if last.round == answering.round:
        return ()
    open_ = "" if verdict.finished else f", {verdict.pairs} of {verdict.planned_pairs} pairs measured"
    return (
        f"this is the answer of an earlier round; the last, after more search, ended {verdict.result}{open_}",
    )


def confirm_samples(pairs: int) -> int:
    """Samples to leave for so many pairs, with warm-ups.

    And a tenth more, for a block takes as long as it takes and pairs that were disturbed are run again.
    """
    return ceil(_SLACK * 2 * (1 + pairs))


def least_samples(study: Study) -> int:
    """The fewest samples of a validation: nothing to reduce, decided at the first look."""
    return _select_samples(study) + 2 * (1 + looks(study.validation.pairs)[0])


def most_samples(study: Study) -> int:
    """The most samples of a validation, where every parameter is changed and the first test decides."""
    rules, parameters = study.validation, len(study.workload.space.parameters)
    reduce = SCREENED * (1 + parameters) + 2 * rules.pairs if rules.reduce and parameters > 1 else 0
    return _select_samples(study) + reduce + 2 * (1 + rules.pairs + rules.pairs // MOST)


def _select_samples(study: Study) -> int:
    candidates = study.validation.candidates
    return BLOCKS * (1 + candidates) if candidates > 1 else 0


def all_worse(record: RunRecord) -> str:
    """That nothing came near the baseline where no trial ended well; empty where none was aborted."""
    aborted = [t for t in record.trials if t.state is State.ABORTED]
    if not aborted:
        return ""
    return (
        f"nothing to confirm: no configuration but the baseline ran to its end, {len(aborted)} of "
        f"{len(record.trials)} trials were {aborted[-1].reason}. Keep what you have"
    )


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
