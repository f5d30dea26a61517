"""One sample: fresh folder, reset, the measured command, check, metrics."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autotune.core.errors import WorkloadError
from autotune.core.redact import printable, redacted
from autotune.measure.ending import failure
from autotune.measure.fill import builtins, fill, optional_fields
from autotune.measure.launcher import Launcher
from autotune.measure.metrics import Sources, extract, returned
from autotune.measure.noise import HostTimes, foreign, host_times
from autotune.measure.number import MetricError
from autotune.measure.outcome import Outcome, Output, Request
from autotune.measure.python import RETURNED
from autotune.measure.resources import resources
from autotune.measure.rounds import settled
from autotune.model.ports import Driver
from autotune.model.trial import Resource, Sample, State
from autotune.model.workload import Applied, Step, Workload

_KEPT_TEXT = 4096
"""Characters of each end of each stream that stay with the sample."""

_LONGEST_REASON = 300


def take(  # noqa: PLR0913  each is a part of the sample that only the caller knows
    workload: Workload,
    applied: Applied,
    *,
    folder: Path,
    launcher: Launcher,
    driver: Driver,
    trial: int,
    seed: int,
    secrets: Collection[str] = (),
) -> Sample:
    """The sample of `workload` as `applied` configures it, run in `folder`.

    `folder` may hold the workload's rendered files and nothing else, else WorkloadError: what an earlier
    sample wrote can never be read as this one's. It stays afterwards, see `discard`. `secrets` are hidden in
    every text. A command that cannot be started, a reset that fails and a full disk are the environment's
    failures; everything else that goes wrong is the configuration's.
    Raises WorkloadError also for a placeholder that nothing fills, and when the launcher dies repeatedly.
    """
    began = time.monotonic()
    folder = folder.absolute()  # the commands run in another working directory
    fields = {**applied.fields, **builtins(workload, folder, trial=trial, seed=seed)}
    run = _Run(
        workload=workload,
        applied=replace(applied, fields=fields),
        folder=folder,
        launcher=launcher,
    )
    try:
        _make_fresh(folder, workload)
        sample = run.sample(driver)
    except OSError as error:
        what = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
        sample = Sample(state=State.FAILED_ENVIRONMENT, reason=what)
    return replace(
        sample,
        reason=_clean(sample.reason, secrets)[:_LONGEST_REASON],
        output=_output(run.shown, secrets),
        warnings=tuple(_clean(w, secrets) for w in sample.warnings),
        total_s=time.monotonic() - began,
    )


def discard(folder: Path) -> None:
    """Removes a sample's folder, also where the workload took away the rights to it."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir():
        return
    folder.chmod(0o700)
    for where, below, _ in os.walk(folder):
        for path in (Path(where, name) for name in below):
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _make_fresh(folder: Path, workload: Workload) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    strange = sorted({entry.name for entry in folder.iterdir()} - set(workload.files))
    if strange:
        raise WorkloadError(
            f"{folder} already holds '{strange[0]}': every sample needs a folder of its own. Remove it."
        )
    (folder / "data").mkdir(mode=0o700)


@dataclass(slots=True, kw_only=True)
class _Run:
    """The commands of one sample; `shown` is the outcome whose output the reader wants to see."""

    workload: Workload
    applied: Applied
    folder: Path
    launcher: Launcher
    shown: Outcome = field(default_factory=Outcome)

    def sample(self, driver: Driver) -> Sample:
        """What came of them, still with its secrets."""
        if failed := self._step(self.workload.reset):
            return Sample(state=State.FAILED_ENVIRONMENT, reason=f"reset: {failed[1]}")
        argv = driver.command(self.workload, self.applied, self.folder)
        before = host_times()
        started, monotonic = time.time(), time.monotonic()
        outcome = self.shown = self._launch(argv, self.workload.timeout_s, monitor=True)
        measured = Sample(
            state=State.OK,
            resources=() if outcome.start_error else (*resources(outcome), *_around(before, outcome)),
            series=outcome.series,
            started=started,
            monotonic=monotonic,
            wall_s=outcome.wall_s,
            warnings=tuple(f"{name} still ran at the end and was killed" for name in outcome.leftovers),
        )
        return self._judged(measured, outcome)

    def _judged(self, measured: Sample, outcome: Outcome) -> Sample:
        """`measured` with its metrics, or with the reason why it has none."""
        if failed := failure(outcome, self.workload.timeout_s):
            return replace(measured, state=failed[0], reason=failed[1])
        if failed := self._step(self.workload.check):
            blame = State.FAILED_ENVIRONMENT if failed[0] is State.FAILED_ENVIRONMENT else State.FAILED_CONFIG
            return replace(measured, state=blame, reason=f"check: {failed[1]}")
        try:
            metrics, counts = extract(self.workload, self._sources(measured, outcome))
        except MetricError as error:
            return replace(measured, state=State.FAILED_CONFIG, reason=str(error))
        return replace(measured, metrics=metrics, counts=counts)

    def _sources(self, measured: Sample, outcome: Outcome) -> Sources:
        return Sources(
            stdout=outcome.stdout.text,
            folder=self.folder,
            fields=self.applied.fields,
            wall_s=outcome.wall_s,
            resources=measured.resources,
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
        outcome = self._launch(argv, step.timeout_s)
        failed = failure(outcome, step.timeout_s)
        if failed:
            self.shown = outcome
        return failed

    def _launch(self, argv: Iterable[str], timeout_s: float, *, monitor: bool = False) -> Outcome:
        environment = {**os.environ, **self.workload.env, **self.applied.env}
        return self.launcher.run(
            Request(
                argv=tuple(argv),
                cwd=self.workload.folder,
                env=environment,
                timeout_s=timeout_s,
                monitor=monitor,
            )
        )


def _around(before: HostTimes | None, outcome: Outcome) -> tuple[Resource, ...]:
    """What the rest of the machine did since `before`."""
    used = outcome.used
    return foreign(before, host_times(), used.cpu_user_s + used.cpu_system_s)


def _output(outcome: Outcome, secrets: Collection[str]) -> str:
    """The ends of both streams, each under its name; a stream without output is not mentioned."""
    streams = {"stdout": outcome.stdout, "stderr": outcome.stderr}
    return "".join(
        f"[{name}]\n{_ends(stream, secrets)}\n" for name, stream in streams.items() if stream.total
    )


def _ends(stream: Output, secrets: Collection[str]) -> str:
    text = _clean(stream.text, secrets).rstrip("\n")
    left_out = len(text) - 2 * _KEPT_TEXT
    if left_out <= 0:
        return text
    return f"{text[:_KEPT_TEXT]}\n[... {left_out} characters left out ...]\n{text[-_KEPT_TEXT:]}"


def _clean(text: str, secrets: Collection[str]) -> str:
    # Control characters first: a secret that they cut in two would not be found.
    return redacted(printable(text), secrets)
