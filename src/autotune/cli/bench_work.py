"""What `autotune bench` does, once its options are read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from autotune.cli.bench_lines import Lines
from autotune.core.errors import ExitCode, UsageError
from autotune.core.units import UnitError, duration_s
from autotune.flow.bench_run import Plan, refuse_hopeless, samples, warnings
from autotune.flow.bench_scratch import scratch
from autotune.flow.bench_target import Target, from_command, from_file
from autotune.flow.host import Host
from autotune.measure.fingerprint import fingerprint
from autotune.measure.floor import spawn_floor_s
from autotune.measure.host import describe, facts
from autotune.measure.launcher import Launcher
from autotune.model.trial import Sample, State
from autotune.report.bench import data, noteworthy, rows, table, title
from autotune.study.current import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How often to measure, where samples have their folders, and how to tell of it."""

    runs: int
    warmups: int
    reports: Path
    launcher: Launcher
    host: Host
    as_json: bool

    def plan(self, folder: Path, lines: Lines, taken: list[Sample] | None = None) -> Plan:
        """The plan that measures in `folder`, tells `lines`, and puts counted samples into `taken`."""

        def tell(number: int, sample: Sample) -> None:
            lines.sample(number, sample)
            if taken is not None:
                taken.append(sample)

        return Plan(
            runs=self.runs,
            warmups=self.warmups,
            scratch=folder,
            launcher=self.launcher,
            host=self.host,
            tell=tell,
            note=lines.note,
        )


def target(
    workload: Path | None, bare: Sequence[str], settings: Sequence[str], timeout: str | None, read: Read
) -> Target:
    """What the command line asks to measure; raises UsageError where that makes no sense.

    `read` tells what the machine holds.
    """
    if (workload is None) == (not bare):
        raise UsageError("name a workload's file, or a command after --, as in: autotune bench -- make test")
    if workload is not None:
        if timeout:
            raise UsageError("--timeout belongs to a command after --. For a file: --set timeout=20s")
        return from_file(workload, settings, facts(), read=read)
    if settings:
        raise UsageError("--set belongs to a workload's file; a bare command has no parameters")
    try:
        return from_command(bare, timeout_s=duration_s(timeout or "300s"))
    except UnitError as error:
        raise UsageError(f"--timeout: {error}") from error


def bench(target: Target, options: Options) -> int:
    """Measures `target` and prints what came out; the exit code says whether every sample was good."""
    lines = Lines(target.workload, options.runs)
    about = {**host(target, options), "spawn_floor_s": spawn_floor_s(options.launcher)}
    taken: list[Sample] = []
    try:
        with scratch(options.reports) as folder:
            samples(target, options.plan(folder, lines, taken))
    except KeyboardInterrupt:
        if any(sample.state is State.OK for sample in taken):
            early = f"stopped after {len(taken)} of {options.runs} samples"
            _show(target, taken, options, about, early)
        raise
    refuse_hopeless(target, taken)
    _show(target, taken, options, about)
    return ExitCode.GOOD if all(s.state is State.OK for s in taken) else ExitCode.WORKLOAD


def host(target: Target, options: Options) -> dict[str, Any]:
    """What JSON says of machine, tool and workload, as a run records it: from before the first sample."""
    if not options.as_json:
        return {}
    return {"host": {**describe(), "fingerprint": fingerprint(target.workload)}}


def _show(
    target: Target, found: Sequence[Sample], options: Options, about: Mapping[str, Any], *more: str
) -> None:
    told = (*more, *warnings(target, found, floor_s=about["spawn_floor_s"]))
    if options.as_json:
        plain = data(target.workload, target.config, found, about={**about, "warnings": told})
        click.echo(json.dumps(plain, allow_nan=False))
    else:
        _print(target, found, told)


def _print(target: Target, found: Sequence[Sample], told: Sequence[str]) -> None:
    good = sum(sample.state is State.OK for sample in found)
    click.echo(title(target.workload, target.config, good=good, total=len(found)))
    kept, left_out = noteworthy(
        rows(target.workload, found), {metric.name for metric in target.workload.metrics}
    )
    click.echo(table(kept))
    if left_out:
        click.echo(left_out)
    for warning in told:
        click.echo(f"warning: {warning}")
