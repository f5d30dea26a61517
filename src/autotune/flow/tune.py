"""The search: ask, measure, record, tell, until the budget ends."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from autotune.core.errors import WorkloadError
from autotune.flow.abort import beyond_timeout, bound
from autotune.flow.listener import Standing
from autotune.flow.outcome import best, enough, leaders, median, outcome, ranking, settled, values
from autotune.flow.sampling import problem, sampler
from autotune.flow.sentinel import EVERY, watch
from autotune.flow.validate import most_samples
from autotune.flow.work import Work
from autotune.judge.drift import watched
from autotune.judge.standing import volume
from autotune.judge.warmup import left_out
from autotune.model.answers import Answers
from autotune.model.ports import Ending
from autotune.model.run import RunRecord
from autotune.model.space import config_key
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.search.budget import already, stop_reason
from autotune.search.propose import Proposer

EXHAUSTED = "no other configuration that is allowed was found"
"""Why a search ended that tried all there is."""

_HOPELESS = 10
"""So many first trials that all fail say that the study is wrong, not the configurations."""

_BETWEEN_S = 0.1
"""Between two samples it is recorded, restored and decided: seconds that count where commands are short."""

_EARLIER = 2
"""So many of an earlier study's best are tried first: more would cost a search that it misleads."""

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
    for name in study.objectives:
        _refuse_unstable(study, name, [s.metrics[name] for s in samples])
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


def _refuse_unstable(study: Study, name: str, seen: Sequence[float]) -> None:
    middle = statistics.median(seen)
    kept = sorted(seen, key=lambda v: abs(v - middle))[: max(2, len(seen) - 1)]
    if min(seen) > 0 and max(kept) - min(kept) > _UNSTABLE * middle:
        shown = ", ".join(f"{v:.4g}" for v in seen)
        raise WorkloadError(
            f"the baseline of study '{study.name}' is too unstable to tune against: "
            f"{name} was {shown}. A longer sample, a quieter machine or a reset helps."
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
    if told := beyond_timeout(work.study, going.abort):
        work.listener.note(told)
    if told := already(work.study, median(going.baseline, work.study.objective)):
        work.listener.note(told)
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
            _say_limits(work.study, going.trials, work.listener.note)
            return why
        going.take(new)


def _say_drift(work: Work) -> None:
    if told := watched(work.session.record(), work.study.objective):
        work.listener.note(told)


def _say_limits(study: Study, trials: Sequence[Trial], note: Callable[[str], None]) -> None:
    done = [trial for trial in trials if trial.state is State.OK]
    if done and all(trial.violation for trial in done):
        limits = ", ".join(limit.text for limit in study.limits)
        note(f"no trial kept every limit ({limits}): the one that misses them least is validated")


def _reserve(study: Study, typical_s: float) -> float:
    """Seconds to set aside for the validation: all of its samples, but at most half of the run's time."""
    whole, bound_s = (typical_s + _BETWEEN_S) * most_samples(study), study.budget.bound_s
    return whole if bound_s is None else min(whole, bound_s / 2)


class _Search:
    """A search under way: the sampler with what it was told, the trials so far."""

    def __init__(self, work: Work, record: RunRecord) -> None:
        self.work, self.study, self.session = work, work.study, work.session
        study = work.study
        self.baseline = settled(record.baseline, study.objective)
        self.start = values(study, self.baseline)
        self.abort = bound(study, self.baseline)
        self.sentinels = record.sentinels
        self.trials: list[Trial] = []
        self.leaders: list[Trial] = []
        self.incumbent: Trial | None = None
        self.seen = {config_key(study.baseline)}
        self.typical_s = statistics.median(s.total_s for s in record.baseline)
        self.reserved_s = _reserve(study, self.typical_s)
        to_solve = problem(study, record, reserved_s=self.reserved_s)
        self.sampler = sampler(study, to_solve, self.baseline)
        enqueued = [(config, "enqueued") for config in study.enqueue]
        earlier = ranking(study, to_solve.earlier, self.start, count=_EARLIER)
        first = [*enqueued, *((trial.config, "earlier") for trial in earlier)]
        self.proposer = Proposer(to_solve, self.sampler, first=first)

    def stop_reason(self, spent_s: float) -> str:
        """Why the budget ends the search after so many seconds; "" where it does not."""
        return stop_reason(
            self.study,
            self.trials,
            spent_s=spent_s,
            reserved_s=self.reserved_s,
            baseline=median(self.baseline, self.study.objective),
            volume=self._volume if self.study.further else None,
        )

    def _volume(self, trials: Sequence[Trial]) -> float:
        return volume(self.study, trials, self.start)

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
        self.leaders = leaders(self.study, self.leaders, light)
        self.incumbent = best(self.study, self.leaders, self.start)

    def _measured(self, trial: Trial) -> Trial:
        samples = [s for s in trial.samples if s.state is not State.INTERRUPTED]
        abort_s = None if self.abort is None else self.abort.seconds
        try:
            while not enough(self.study.repeats, samples, *self.study.objectives):
                sample = self.work.bench.sample(trial.config, trial=trial.number, abort_s=abort_s)
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
            further=trial.further,
            violation=trial.violation,
            reason=trial.reason,
        )

    def _standing(self) -> Standing:
        left = self.study.budget.trials - len(self.trials)
        return Standing(
            done=len(self.trials),
            planned=self.study.budget.trials,
            baseline=tuple(median(self.baseline, name) for name in self.study.objectives),
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
