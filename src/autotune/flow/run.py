"""The main job, phase by phase: checks, baseline, search, validation, report."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from autotune.core.redact import secret_values
from autotune.core.registry import load
from autotune.flow.bench import Bench
from autotune.flow.clock import Clock, measuring_s, sample_s
from autotune.flow.host import Host
from autotune.flow.host_rules import refuse_forbidden
from autotune.flow.listener import Listener
from autotune.flow.needs import refuse_missing
from autotune.flow.publish import Published, gather, publish
from autotune.flow.run_calls import calibrate
from autotune.flow.run_margin import with_floor
from autotune.flow.session import Session, opened
from autotune.flow.tune import baseline, search
from autotune.flow.validate import all_worse, nothing_to_confirm, validate
from autotune.flow.warm import start_warm
from autotune.flow.work import Work
from autotune.judge.brevity import too_short
from autotune.judge.confirmed import judged
from autotune.measure.fingerprint import fingerprint
from autotune.measure.floor import spawn_floor_s
from autotune.measure.host import describe
from autotune.measure.launcher import Launcher
from autotune.measure.serving.serving import serving
from autotune.model.run import Phase
from autotune.model.space import Risk
from autotune.model.study import Study
from autotune.report.steadiness import second_runs
from autotune.study.feasible import cautions

_RISK: Risk = "availability"
_ALLOW = f"say 'allow_risk: [{_RISK}]' in the study and --allow-risk on the command line"
"""A study is passed on: whoever runs it has to say so as well."""


def run(  # noqa: PLR0913  each is a choice of the caller
    study: Study,
    *,
    reports: Path,
    fresh: bool,
    listener: Listener,
    launcher: Launcher,
    machine: Host | None = None,
    accept_changes: bool = False,
) -> Published:
    """Runs the study, or what of it is not done yet, and writes its results.

    `machine` is what the study's defaults were read from, where it changes the machine; what is changed is
    restored when the last sample is taken, or however this ends. Raises WorkloadError, StorageError,
    BusyError, UsageError or RefusedError, and NotRestoredError above all; whatever was measured by then is
    saved.
    """
    with begun(
        study,
        reports=reports,
        fresh=fresh,
        listener=listener,
        launcher=launcher,
        machine=machine,
        accept_changes=accept_changes,
    ) as going:
        return going.phases()


@contextmanager
def begun(  # noqa: PLR0913  as run
    study: Study,
    *,
    reports: Path,
    fresh: bool,
    listener: Listener,
    launcher: Launcher,
    machine: Host | None = None,
    accept_changes: bool = False,
) -> Iterator[Run]:
    """The run of the study, new or gone on with, before its first phase; arguments and errors as `run`."""
    refuse_missing(study.workload)
    host = {**describe(reports), "fingerprint": fingerprint(study.workload)}
    changed = machine or Host(listener.note)
    allowed = changed.allow_risk and _RISK in study.allow_risk
    refuse_forbidden(study.workload, allow_risk=allowed, how=_ALLOW)
    with (
        changed,
        opened(study, reports, fresh=fresh, host=host, accept_changes=accept_changes) as session,
    ):
        changed.note = listener.note
        study = with_floor(study, session, listener.note)
        yield Run(study, session, listener, launcher, changed)


class Run:
    """A run under way, with everything that its phases work with."""

    def __init__(
        self, study: Study, session: Session, listener: Listener, launcher: Launcher, machine: Host
    ) -> None:
        self.study, self.session, self.listener, self.machine = study, session, listener, machine
        secrets = secret_values({**os.environ, **study.workload.env})
        bench = Bench(
            workload=study.workload,
            baseline=study.baseline,
            launcher=launcher,
            driver=load("drivers", study.workload.driver)(),
            host=machine,
            scratch=session.scratch,
            seed=study.sampler.seed,
            secrets=secrets,
            note=listener.note,
            serving=serving(study.workload, launcher, listener.note, secrets=secrets),
        )
        self.work = Work(study=study, session=session, bench=bench, listener=listener)
        self.spent_s = _spent(session)

    def phases(self) -> Published:
        """All of them, in order."""
        with closing(self.work.bench):
            self._measure()
        self.machine.restore()
        with self._phase("report") as status:
            found = gather(self.study, self.session.store, self.session.run, self.session.folder)
            publish(found)
            status.text = "ok"
        return found

    def searched(self) -> None:
        """The phases up to the search alone; the machine is as it was before, afterwards."""
        with closing(self.work.bench):
            self._search()
        self.machine.restore()

    def _measure(self) -> None:
        self._search()
        with self._phase("validation") as status:
            status.text = self._validate()

    def _search(self) -> None:
        with self._phase("checks") as status:
            status.text = self._checks()
            start_warm(self.work)
        with self._phase("baseline") as status:
            calibrate(self.work)
            samples = baseline(self.work)
            if told := too_short(self.session.record()):
                self.listener.note(told)
            status.text = f"{len(samples)} samples"
        with self._phase("search") as status:
            why = search(self.work, spent_s=self.spent_s)
            count = len(self.session.record().trials)
            status.text = f"{count} {'trial' if count == 1 else 'trials'}, {why}"

    def _checks(self) -> str:
        for caution in cautions(self.study):
            self.listener.note(caution)
        if told := self.machine.ready(self.study.workload, folder=self.session.folder):
            self.listener.note(told)
        if not self.session.resumed:
            self.session.store.note_host(
                self.session.run, {"spawn_floor_s": spawn_floor_s(self.work.bench.launcher)}
            )
            return "ok"
        for change in self.session.told:
            self.listener.note(f"changed since the run was started: {change}")
        record = self.session.record()
        finished = sum(t.value is not None or t.state.failed for t in record.trials)
        return f"ok, going on with run {record.run}: {finished} trials kept"

    def _validate(self) -> str:
        record = self.session.record()
        clock = Clock(
            spent_s=self.spent_s,
            wall_s=measuring_s(self.study),
            sample_s=sample_s(record),
        )
        done = validate(self.work, clock)
        if done is None:
            if not (worse := all_worse(record)):
                raise nothing_to_confirm(record)
            self.listener.note(worse)
            return "nothing to confirm"
        if told := second_runs(self.study, done):
            self.listener.note(told)
        return judged(self.study, done).result

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[_Status]:
        status = _Status("failed")
        start = time.monotonic()
        self.listener.begin(phase)
        try:
            yield status
        except KeyboardInterrupt:
            status.text = "interrupted"
            raise
        finally:
            seconds = time.monotonic() - start
            self.listener.end(phase, status.text, seconds)
            if phase != "report":  # written by then: a report tells of what was measured, not of itself
                self.session.store.set_phase(self.session.run, phase, status.text, seconds)


@dataclass
class _Status:
    text: str


def _spent(session: Session) -> Callable[[], float]:
    """Seconds that the run has cost: the samples of earlier stops, and the time since this one began."""
    record = session.record()
    samples = [
        *record.baseline,
        *(s for t in record.trials for s in t.samples),
        *(x.sample for x in record.sentinels),
        *(x.sample for c in record.contests for x in c.samples),
        *(p.sample for c in record.confirmations for p in c.samples),
    ]
    before = sum(s.total_s for s in samples)
    start = time.monotonic()
    return lambda: before + time.monotonic() - start
