"""One sample: fresh folder, reset, the measured command, check, metrics."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autotune.core.errors import NotRestoredError, WorkloadError
from autotune.measure import machine
from autotune.measure.collect import collecting
from autotune.measure.detached import detached
from autotune.measure.ending import failure
from autotune.measure.environment import environment, padded, size_bytes
from autotune.measure.fill import builtins, duration_text, fill, optional_fields
from autotune.measure.folder import make_fresh
from autotune.measure.launcher import Launcher
from autotune.measure.load.caution import cautions, unanswered
from autotune.measure.machine import Around
from autotune.measure.metrics import Sources, extract
from autotune.measure.number import MetricError
from autotune.measure.outcome import Outcome, Request
from autotune.measure.python import RETURNED
from autotune.measure.resources import resources
from autotune.measure.rounds import settled
from autotune.measure.serving import meter
from autotune.measure.serving.serving import Serving
from autotune.measure.serving.surroundings import ServiceError
from autotune.measure.shown import clean, shown
from autotune.measure.texts import returned
from autotune.model.ports import Driver
from autotune.model.trial import Resource, Sample, State
from autotune.model.workload import Applied, Step, Workload

_LONGEST_REASON = 300
_SSH_FAILED = 255
"""How ssh ends where it cannot reach the machine."""

_IDLE_S = 0.5
_DYING_S = 0.5
"""A service that dies closes its connections first: so long after its load failed it may still be ending."""


def take(  # noqa: PLR0913  each is a part of the sample that only the caller knows
    workload: Workload,
    applied: Applied,
    *,
    folder: Path,
    launcher: Launcher,
    driver: Driver,
    trial: int,
    seed: int,
    number: int = 0,
    secrets: Collection[str] = (),
    serving: Serving | None = None,
    abort_s: float | None = None,
) -> Sample:
    """The sample of `workload` as `applied` configures it, run in `folder`.

    `folder` may hold the workload's rendered files and nothing else, else WorkloadError: what an earlier
    sample wrote can never be read as this one's. It stays afterwards, see `folder.discard`. `secrets` are
    hidden in every text. `number` tells samples of one trial apart. `serving` has made the service that the
    workload starts; it is brought to the configuration first. The command is aborted where it still runs
    after `abort_s`. A command that cannot be started, a reset that fails, a full disk and a measurement that
    was suspended are the environment's failures; everything else that goes wrong is the configuration's.
    Raises WorkloadError also for a placeholder that nothing fills, for a bound that cannot be set here, and
    when the launcher dies repeatedly; NotRestoredError where a process is left that SIGKILL does not end.
    """
    began = time.monotonic()
    folder = folder.absolute()  # the commands run in another working directory
    fields = {**applied.fields, **builtins(workload, folder, trial=trial, seed=seed)}
    if serving:
        fields |= serving.around.fields()
    run = _Run(
        workload=workload,
        applied=replace(applied, fields=fields),
        folder=folder,
        launcher=launcher,
        draw=(seed, trial, number),
        serving=serving,
        abort_s=abort_s,
    )
    try:
        make_fresh(folder, {*workload.files, *applied.files})
        sample = run.sample(driver)
    except OSError as error:
        what = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
        sample = Sample(state=State.FAILED_ENVIRONMENT, reason=what)
    log = serving.log() if serving else ""
    return replace(_told(sample, run.shown, log, secrets), total_s=time.monotonic() - began)


def _told(sample: Sample, outcome: Outcome, log: str, secrets: Collection[str]) -> Sample:
    """`sample` with what `outcome` printed and the service's `log`, and without secrets in any text."""
    return replace(
        sample,
        reason=clean(sample.reason, secrets)[:_LONGEST_REASON],
        output=shown(outcome, secrets)
        + (f"[service log]\n{clean(log, secrets).strip()}\n" if log.strip() else ""),
        warnings=tuple(clean(w, secrets) for w in sample.warnings),
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """The commands of one sample; `shown` is the outcome whose output the reader wants to see."""

    workload: Workload
    applied: Applied
    folder: Path
    launcher: Launcher
    draw: tuple[int, int, int]
    serving: Serving | None = None
    abort_s: float | None = None
    shown: Outcome = field(default_factory=Outcome)
    around: Around | None = None

    def sample(self, driver: Driver) -> Sample:
        """What came of them, still with its secrets."""
        try:
            brought = self.serving.bring(self.applied, self.folder) if self.serving else ()
        except ServiceError as error:
            return Sample(
                state=State.FAILED_CONFIG if error.mine else State.FAILED_ENVIRONMENT, reason=str(error)
            )
        if failed := self._step(self.workload.reset):
            return Sample(state=State.FAILED_ENVIRONMENT, reason=f"reset: {failed[1]}")
        if failed := self._warm(driver):
            return Sample(state=failed[0], reason=f"warm-up: {failed[1]}", resources=brought)
        argv = driver.command(self.workload, self.applied, self.folder)
        started, monotonic = time.time(), time.monotonic()
        environment = self._environment()
        before, of_service = self._machine(), self._of_service()
        with collecting(self.workload.collectors) as collected:
            request = replace(self._request(argv, environment), timeout_s=self._longest_s)
            outcome = self.shown = self._launch(request)
        self._distrust(outcome)
        served = _served(of_service, self._of_service())
        own = resources(outcome, size_bytes(environment))
        if self.workload.load:
            own = meter.apart(own, served)
        self.around = (
            None if before is None else Around(before=before, after=machine.read(self.workload.confine.cpus))
        )
        measured = Sample(
            state=State.OK,
            resources=() if outcome.start_error else (*own, *collected, *brought),
            series=outcome.series,
            started=started,
            monotonic=monotonic,
            wall_s=outcome.wall_s,
            warnings=(*_warnings(outcome), *_unused(outcome, served)),
        )
        return self._judged(measured, outcome)

    def _judged(self, measured: Sample, outcome: Outcome) -> Sample:
        """`measured` with its metrics, or with the reason why it has none."""
        if crash := self._crash(outcome):
            return replace(measured, state=State.FAILED_CONFIG, reason=f"service: it {crash} under the load")
        if failed := failure(
            outcome,
            self.workload.timeout_s,
            confine=self.workload.confine,
            any_exit=self._any_exit(),
            abort_s=self.abort_s,
        ):
            return replace(measured, state=self._blamed(failed[0], outcome), reason=failed[1])
        if failed := self._step(self.workload.check):
            blame = State.FAILED_ENVIRONMENT if failed[0] is State.FAILED_ENVIRONMENT else State.FAILED_CONFIG
            return replace(measured, state=blame, reason=f"check: {failed[1]}")
        sources = self._sources(measured, outcome)
        measured = replace(measured, warnings=(*measured.warnings, *cautions(sources.returned)))
        try:
            found = extract(self.workload, sources)
        except MetricError as error:
            told = unanswered(sources.returned)
            reason = f"{error.kind}: {told}" if told else str(error)
            return replace(measured, state=State.FAILED_CONFIG, reason=reason)
        return replace(
            measured,
            metrics=found.metrics,
            counts=found.counts,
            distributions=found.distributions,
            resources=(*measured.resources, *found.parts),
        )

    def _crash(self, outcome: Outcome) -> str:
        """How the service ended under the load, where it has; a load that failed may have seen it first."""
        if self.serving is None:
            return ""
        return self.serving.crash(0.0 if outcome.good or self._any_exit() else _DYING_S)

    @property
    def _longest_s(self) -> float:
        """How long the measured command may take: its time-out, or less where it is to be aborted."""
        allowed_s = self.workload.timeout_s
        return allowed_s if self.abort_s is None else min(allowed_s, self.abort_s)

    def _distrust(self, outcome: Outcome) -> None:
        """Has a service started anew whose load was ended: it may still work on what it was asked."""
        if self.serving and outcome.timed_out:
            self.serving.distrust()

    def _blamed(self, state: State, outcome: Outcome) -> State:
        """`state`, but for a load elsewhere whose machine ssh did not reach."""
        load = self.workload.load
        lost = load is not None and load.on and outcome.exit_code == _SSH_FAILED
        return State.FAILED_ENVIRONMENT if lost else state

    def _warm(self, driver: Driver) -> tuple[State, str] | None:
        """Why the load that is not measured failed; None where it did not, or there is none.

        A load on a URL warms up by itself.
        """
        load = self.workload.load
        if load is None or not load.command or load.warmup_s <= 0:
            return None
        shorter = replace(
            self.applied, fields={**self.applied.fields, **duration_text(self.workload, load.warmup_s)}
        )
        argv = driver.command(self.workload, shorter, self.folder)
        outcome = self._launch(replace(self._request(argv, self._environment()), monitor=False))
        failed = failure(outcome, self.workload.timeout_s, confine=self.workload.confine)
        if failed:
            self.shown = outcome
        return failed

    def _of_service(self) -> meter.Reading | None:
        """The counters now of the service that the workload starts."""
        return self.serving.reading() if self.serving else None

    def _machine(self) -> machine.Reading | None:
        """The machine's counters now, where a metric needs to know them."""
        if all(metric.source != "index" for metric in self.workload.metrics):
            return None
        return machine.read(self.workload.confine.cpus)

    def _any_exit(self) -> bool:
        """Whether the exit code is a metric: then none of them says by itself that the sample failed."""
        return any(metric.source == "exit" for metric in self.workload.metrics)

    def _sources(self, measured: Sample, outcome: Outcome) -> Sources:
        return Sources(
            stdout=outcome.stdout.text,
            folder=self.folder,
            fields=self.applied.fields,
            wall_s=outcome.wall_s,
            exit_code=outcome.exit_code,
            resources=measured.resources,
            series=measured.series,
            around=self.around,
            returned=self._returned(self.folder / RETURNED),
            cut=not outcome.stdout.whole,
        )

    def _returned(self, file: Path) -> Mapping[str, Any]:
        python = self.workload.python
        return settled(file) if python is not None and python.calls else returned(file)

    def _step(self, step: Step | None) -> tuple[State, str] | None:
        """Why the reset or check failed; None where it did not, or there is none."""
        if step is None:
            return None
        argv = fill(step.command, self.applied.fields, optional=optional_fields(self.workload))
        outcome = self._launch(
            Request(
                argv=tuple(argv),
                cwd=self.workload.folder,
                env=environment(self.workload, self.applied),
                timeout_s=step.timeout_s,
            )
        )
        failed = failure(outcome, step.timeout_s)
        if failed:
            self.shown = outcome
        return failed

    def _environment(self) -> dict[str, str]:
        """What the measured command sees."""
        plain = environment(self.workload, self.applied)
        if not self.workload.pad_environment:
            return plain
        seed, trial, number = self.draw
        return padded(plain, seed=seed, trial=trial, number=number)

    def _request(self, argv: tuple[str, ...], environment: dict[str, str]) -> Request:
        """The measured command."""
        return Request(
            argv=argv,
            cwd=self.workload.folder,
            env=environment,
            timeout_s=self.workload.timeout_s,
            monitor=True,
            network=self.workload.network,
            confine=self.workload.confine,
        )

    def _launch(self, request: Request) -> Outcome:
        outcome = self.launcher.run(request)
        if outcome.refused:
            raise WorkloadError(
                f"workload '{self.workload.name}', confine: {outcome.refused}. "
                "Run as root, or in a control group of your own, or take the bound out."
            )
        if outcome.survivors:
            pids = ", ".join(map(str, outcome.survivors))
            raise NotRestoredError(
                f"workload '{self.workload.name}' left processes that SIGKILL does not end: {pids}. "
                "They hang in the kernel and would disturb every further sample. Look at them with "
                f"'cat /proc/{outcome.survivors[0]}/stack'; restart the machine where they stay."
            )
        return outcome


def _served(before: meter.Reading | None, after: meter.Reading | None) -> tuple[Resource, ...]:
    """What the service cost in between; nothing where there is none, or it has ended."""
    return meter.cost(before, after) if before and after else ()


def _unused(outcome: Outcome, served: Sequence[Resource]) -> Iterator[str]:
    """Says where the service did nothing under the load: perhaps the load goes to somebody else."""
    cpu_s = next((one.value for one in served if one.name == "server_cpu_s"), None)
    if cpu_s == 0 and outcome.good and outcome.wall_s > _IDLE_S:
        yield "the service used no CPU time under the load. Does the load reach it?"


def _warnings(outcome: Outcome) -> Iterator[str]:
    yield from (f"{name} still ran at the end and was killed" for name in outcome.leftovers)
    if text := detached(outcome):
        yield text
    if left_out := outcome.stdout.left_out + outcome.stderr.left_out:
        yield f"{left_out:,} bytes of its output were left out: of a stream the ends alone are kept"
    if outcome.good and outcome.room.oom_kills:
        yield f"memory ran out: the kernel killed {outcome.room.oom_kills} of its processes"
