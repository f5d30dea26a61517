"""What `autotune selftest` does, once its options are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from autotune.cli.compare_work import Options
from autotune.cli.live import LiveLine, note
from autotune.core.errors import ExitCode, StorageError, UsageError
from autotune.core.redact import printable
from autotune.flow.bench_run import warnings
from autotune.flow.bench_scratch import scratch
from autotune.flow.bench_target import Target, from_file
from autotune.flow.compare import Room
from autotune.flow.compare_rules import Comparison, Rules
from autotune.flow.floors import BUILT_IN, keep_floor
from autotune.flow.selftest import against_itself, built_in_target, floor_of, tested
from autotune.judge.margin import floored_plan
from autotune.judge.selftest import SelfTest
from autotune.measure.fingerprint import fingerprint
from autotune.measure.floor import spawn_floor_s
from autotune.measure.host import describe, facts
from autotune.model.floor import Floor
from autotune.model.run import Confirmation
from autotune.model.verdict import Verdict
from autotune.report.selftest import data, findings, next_step, title
from autotune.report.words import plain_percent, quantity
from autotune.study.current import Read


def target(workload: Path | None, settings: Sequence[str], read: Read) -> Target:
    """What is measured against itself; raises UsageError or FileError where that makes no sense.

    `read` tells what the machine holds.
    """
    if workload is not None:
        return from_file(workload, settings, facts(), read=read)
    if settings:
        raise UsageError("--set belongs to a workload's file; the built-in loop has no parameters")
    return built_in_target()


def selftest(target: Target, rules: Rules, options: Options, *, built_in: bool) -> int:
    """Measures `target` against itself, saves the floor and prints what it shows.

    Raises StorageError, after all was printed, where the floor cannot be saved.
    """
    comparison = against_itself(target, rules)
    workload = comparison.arms.baseline.workload
    host = {**describe(), "fingerprint": fingerprint(workload)}
    host["spawn_floor_s"] = spawn_floor_s(options.launcher)
    with scratch(options.reports) as folder, LiveLine() as line:
        confirmation, found = tested(comparison, _room(folder, options, line))
    name = BUILT_IN if built_in else workload.name
    floor = floor_of(name, comparison.plan.metric, found, at=datetime.now(UTC))
    told = _Told(comparison, confirmation, found, floor, host)
    try:
        saved = keep_floor(floor, host["fingerprint"], note)
    except StorageError:
        told.show(None, as_json=options.as_json)
        raise
    told.show(saved, as_json=options.as_json)
    return ExitCode.GOOD


def _room(folder: Path, options: Options, line: LiveLine) -> Room:
    def tell(done: int, planned: int, _: Verdict | None) -> None:
        line.pair(done, planned, None)  # what a look says means nothing here, where all pairs are measured

    options.host.note = line.note
    return Room(
        scratch=folder,
        launcher=options.launcher,
        host=options.host,
        keep=lambda _: None,
        tell=tell,
        note=line.note,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Prints a self-test."""

    comparison: Comparison
    confirmation: Confirmation
    found: SelfTest
    floor: Floor
    host: dict[str, Any]

    def show(self, saved: Path | None, *, as_json: bool) -> None:
        """For machines or for people; `saved` is the file that holds the floor now."""
        if as_json:
            click.echo(json.dumps(self._data(saved), allow_nan=False))
            return
        metric = self.comparison.metric
        click.echo(title(self.comparison.arms.baseline.workload.name, metric, self.found))
        click.echo()
        click.echo(findings(self.found, metric))
        for warning in self._warnings():
            click.echo(printable(f"warning: {warning}").replace("\n", " "))
        click.echo()
        if saved is not None:
            click.echo(f"saved    {saved}")
        for line in self._next():
            click.echo(line)

    def _warnings(self) -> Iterator[str]:
        samples = [one.sample for one in self.confirmation.used if one.pair >= 0]
        return iter(warnings(self.comparison.arms.baseline, samples, floor_s=self.host["spawn_floor_s"]))

    def _next(self) -> Sequence[str]:
        plan, unit = self.comparison.plan, self.comparison.metric.unit
        raised = floored_plan(plan, self.floor) != plan
        margin = plain_percent(plan.margin)
        if not self.found.relative:
            margin = quantity(plan.absolute_margin, unit)
        size = plain_percent(self.floor.value) if self.found.relative else quantity(self.floor.value, unit)
        return next_step(built_in=self.floor.workload == BUILT_IN, raised=raised, floor=size, margin=margin)

    def _data(self, saved: Path | None) -> dict[str, Any]:
        workload = self.comparison.arms.baseline.workload
        metric = self.comparison.metric
        about = {
            "workload": workload.name,
            "config": self.comparison.arms.baseline.config,
            "objective": {"metric": metric.name, "unit": metric.unit, "direction": metric.direction},
            "seed": self.comparison.seed,
            "host": self.host,
            "warnings": list(self._warnings()),
            "saved": saved and str(saved),
            "measured": self.floor.measured,
        }
        return data(self.found, self.confirmation, workload, about=about)
