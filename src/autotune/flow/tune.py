"""The search: ask, measure, record, tell, until the budget ends."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from autotune.core.errors import WorkloadError
from autotune.core.registry import load
from autotune.flow.listener import Standing
from autotune.flow.outcome import best, enough, median, outcome, settled
from autotune.flow.sentinel import EVERY, watch
from autotune.flow.validate import most_samples
from autotune.flow.work import Work
from autotune.judge.drift import watched
from autotune.judge.warmup import left_out
from autotune.model.answers import Answers
from autotune.model.ports import Ending, Sampler
from autotune.model.problem import Problem
from autotune.model.run import RunRecord
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.search.budget import stop_reason
from autotune.search.propose import Proposer
from autotune.study.risk import allowed, barred

EXHAUSTED = "no other configuration that is allowed was found"
"""Why a search ended that tried all there is."""

_HOPELESS = 10
"""So many first trials that all fail say that the study is wrong, not the configurations."""

_UNSTABLE = 1.0
"""A baseline whose samples, but for the farthest one, spread over more than their median drowns a gain."""


def baseline(work: Work) -> tuple[Sample, ...]:
    """Measures the baseline's samples that are still missing.

    Raises WorkloadError where one fails, or where they differ so much that nothing could be learnt.
    """
    study, session = work.study, work.session
    samples = list(session.record().baseline)
    while len(samples) < study.baseline_samples:
        sample = work.bench.sample(study.baseline, trial=-1)
        session.store.add_sample(session.run, sample, role="baseline", index=len(samples))
        samples.append(sample)
        if sample.state is not State.OK:
            raise WorkloadError(_failing(study, sample))
    _refuse_unstable(study, [s.metrics[study.objective] for s in samples])
    kept = settled(samples, study.objective)
    if len(kept) < len(samples):
        work.listener.note(left_out(len(samples) - len(kept), len(samples)))
    return tuple(samples)


def _failing(study: Study, sample: Sample) -> str:
    last = "\n".join(f"  | {line}" for line in sample.output.strip().splitlines()[-8:])
    return (
        f"the baseline of study '{study.name}' fails, so nothing was tuned: {sample.reason}\n{last}\n"
        f"Make the workload run under its defaults, then run the same command again."
    )


def _refuse_unstable(study: Study, values: Sequence[float]) -> None:
    middle = statistics.median(values)
    kept = sorted(values, key=lambda v: abs(v - middle))[: max(2, len(values) - 1)]
    if min(values) > 0 and max(kept) - min(kept) > _UNSTABLE * middle:
        shown = ", ".join(f"{v:.4g}" for v in values)
        raise WorkloadError(
            f"the baseline of study '{study.name}' is too unstable to tune against: "
            f"{study.objective} was {shown}. A longer sample, a quieter machine or a reset helps."
        )


def search(work: Work, *, spent_s: Callable[[], float]) -> str:
    """Measures trials until a budget ends; why it ended, in words.

    Trials that are already recorded are told again in order, so that the sampler goes on as if it had never
    been interrupted. Raises WorkloadError where the first trials all fail.
    """
    record = work.session.record()
    if record.stopped:
        return record.stopped
    going = _Search(work, record)
    for trial in record.trials:
        going.take(trial)
    while True:
        why = going.stop_reason(spent_s())
        new = None if why else going.ask()
        if new is None:
            why = why or going.ended()
            going.note_answers()
            work.session.store.stop_search(work.session.run, why)
            _say_drift(work)
            return why
        going.take(new)


def _say_drift(work: Work) -> None:
    if told := watched(work.session.record(), work.study.objective):
        work.listener.note(told)


def problem(study: Study) -> Problem:
    """What the study's sampler is to solve."""
    return Problem(
        space=study.workload.space,
        directions=(study.direction,),
        seed=study.sampler.seed,
        trials=study.budget.trials,
        allowed=lambda config: allowed(study, config),
        barred=barred(study),
    )


def sampler(study: Study, to_solve: Problem) -> Sampler:
    """The study's sampler, told of nothing yet; raises UsageError for options that it does not know."""
    made: Sampler = load("samplers", study.sampler.name)(to_solve, options=study.sampler.options)
    return made


def _reserve(study: Study, typical_s: float) -> float:
    """Seconds to set aside for the validation: all of its samples, but at most half of the run's time."""
    whole, bound_s = typical_s * most_samples(study), study.budget.bound_s
    return whole if bound_s is None else min(whole, bound_s / 2)


def _known(study: Study, samples: Sequence[Sample]) -> Trial:
    """The baseline as a trial before the first one: the sampler starts from what the system has now."""
    trial = Trial(number=-1, config=study.baseline, origin="baseline", samples=tuple(samples))
    return outcome(study, trial, samples)


class _Search:
    """A search under way: the sampler with what it was told, the trials so far."""

    def __init__(self, work: Work, record: RunRecord) -> None:
        self.work, self.study, self.session = work, work.study, work.session
        study = work.study
        self.baseline = settled(record.baseline, study.objective)
        self.sentinels = record.sentinels
        self.trials: list[Trial] = []
        self.incumbent: Trial | None = None
        self.seen = {config_key(study.baseline)}
        self.typical_s = statistics.median(s.total_s for s in record.baseline)
        self.reserved_s = _reserve(study, self.typical_s)
        to_solve = problem(study)
        self.sampler = sampler(study, to_solve)
        self.sampler.tell(_known(study, self.baseline))
        enqueued = [(config, "enqueued") for config in study.enqueue]
        self.proposer = Proposer(to_solve, self.sampler, first=enqueued)

    def stop_reason(self, spent_s: float) -> str:
        """Why the budget ends the search after so many seconds; "" where it does not."""
        return stop_reason(
            self.study,
            self.trials,
            spent_s=spent_s,
            reserved_s=self.reserved_s,
            baseline=median(self.baseline, self.study.objective),
        )

    def ended(self) -> str:
        """Why there is no further trial: the sampler's own word, where it has one."""
        own = self.sampler.ended if isinstance(self.sampler, Ending) else ""
        return own or EXHAUSTED

    def note_answers(self) -> None:
        """Keeps with the run what became of the sampler's answers, over all its stops."""
        found = self.proposer.answers
        before = Answers(**self.session.record().host.get("answers", {}))
        self.session.store.note_host(self.session.run, {"answers": asdict(before + found)})
        if found.rejected or found.repaired:
            self.work.listener.note((before + found).sentence())

    def ask(self) -> Trial | None:
        """The next trial, recorded before it is measured; None where the space is exhausted."""
        proposal = self.proposer.next(len(self.trials), self.seen)
        if proposal is None:
            return None
        config, origin = proposal
        trial = Trial(number=len(self.trials), config=config, origin=origin)
        self.session.store.add_trial(self.session.run, trial.number, config, origin)
        return trial

    def take(self, trial: Trial) -> None:
        """Measures the trial where it is not finished, then tells the sampler."""
        self.seen.add(config_key(trial.config))
        if trial.state in {State.RUNNING, State.INTERRUPTED}:
            watch(self.work, trial.number, self.incumbent, self.sentinels)
            trial = self._measured(trial)
            self._keep(trial)
            self.work.listener.trial(trial, self._standing())
        else:
            self._keep(trial)
        self.sampler.tell(trial)
        self._refuse_hopeless()

    def _keep(self, trial: Trial) -> None:
        """Without the samples: the store has them, and a long search is to stay small."""
        light = replace(trial, samples=())
        self.trials.append(light)
        self.incumbent = best(self.study, [light] if self.incumbent is None else [self.incumbent, light])

    def _measured(self, trial: Trial) -> Trial:
        samples = [s for s in trial.samples if s.state is not State.INTERRUPTED]
        try:
            while not enough(self.study.repeats, samples, self.study.objective):
                sample = self.work.bench.sample(trial.config, trial=trial.number)
                self.session.store.add_sample(
                    self.session.run, sample, role="trial", trial=trial.number, index=len(samples)
                )
                samples.append(sample)
        except KeyboardInterrupt:
            self._record(replace(trial, state=State.INTERRUPTED, reason="stopped by the user"))
            raise
        done = outcome(self.study, replace(trial, samples=tuple(samples)), self.baseline)
        self._record(done)
        return done

    def _record(self, trial: Trial) -> None:
        self.session.store.finish_trial(
            self.session.run,
            trial.number,
            state=trial.state,
            value=trial.value,
            violation=trial.violation,
            reason=trial.reason,
        )

    def _standing(self) -> Standing:
        left = self.study.budget.trials - len(self.trials)
        return Standing(
            done=len(self.trials),
            planned=self.study.budget.trials,
            baseline=median(self.baseline, self.study.objective),
            best=self.incumbent,
            left_s=left * (1 + 2 / EVERY) * self.typical_s + self.reserved_s,
        )

    def _refuse_hopeless(self) -> None:
        if len(self.trials) < _HOPELESS or not all(t.state.failed for t in self.trials):
            return
        raise WorkloadError(
            f"the first {_HOPELESS} configurations all failed, the last with: {self.trials[-1].reason}. "
            "Look at the parameters' domains; the baseline works. All trials are saved."
        )
