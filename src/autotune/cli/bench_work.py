"""What `autotune bench` does, once its options are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from autotune.cli.bench_lines import Lines
from autotune.cli.bench_sweep import Range, exit_code, show
from autotune.core.errors import ExitCode, UsageError
from autotune.core.units import UnitError, duration_s
from autotune.flow.bench_run import Plan, refuse_hopeless, samples, warnings
from autotune.flow.bench_scratch import scratch
from autotune.flow.bench_sweep import LEAST_RUNS, sweep
from autotune.flow.bench_target import Target, from_command, from_file
from autotune.measure.floor import spawn_floor_s
from autotune.measure.host import describe, facts
from autotune.measure.launcher import Launcher
from autotune.model.trial import Sample, State
from autotune.report.bench import data, noteworthy, rows, table, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How often to measure, where samples have their folders, and how to tell of it."""

    runs: int
    warmups: int
    reports: Path
    launcher: Launcher
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
            tell=tell,
            note=lines.note,
        )


def target(
    workload: Path | None, bare: Sequence[str], settings: Sequence[str], timeout: str | None
) -> Target:
    """What the command line asks to measure; raises UsageError where that makes no sense."""
    if (workload is None) == (not bare):
        raise UsageError("name a workload's file, or a command after --, as in: autotune bench -- make test")
    if workload is not None:
        if timeout:
            raise UsageError("--timeout belongs to a command after --. For a file: --set timeout=20s")
        return from_file(workload, settings, facts())
    if settings:
        raise UsageError("--set belongs to a workload's file; a bare command has no parameters")
    try:
        return from_command(bare, timeout_s=duration_s(timeout or "300s"))
    except UnitError as error:
        raise UsageError(f"--timeout: {error}") from error


def bench(target: Target, options: Options) -> int:
    """Measures `target` and prints what came out; the exit code says whether every sample was good."""
    lines = Lines(target.workload, options.runs)
    floor_s = spawn_floor_s(options.launcher)
    taken: list[Sample] = []
    try:
        with scratch(options.reports) as folder:
            samples(target, options.plan(folder, lines, taken))
    except KeyboardInterrupt:
        if any(sample.state is State.OK for sample in taken):
            stopped = f"stopped after {len(taken)} of {options.runs} samples"
            _show(target, taken, options, floor_s, stopped)
        raise
    refuse_hopeless(target, taken)
    _show(target, taken, options, floor_s)
    return ExitCode.GOOD if all(s.state is State.OK for s in taken) else ExitCode.WORKLOAD


def _show(
    target: Target, found: Sequence[Sample], options: Options, floor_s: float | None, *more: str
) -> None:
    told = (*more, *warnings(target, found, floor_s=floor_s))
    if options.as_json:
        about = {"host": describe(), "spawn_floor_s": floor_s, "warnings": told}
        click.echo(json.dumps(data(target.workload, target.config, found, about=about), allow_nan=False))
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


def sweep_load(target: Target, options: Options, wanted: str | None, limits: Sequence[str]) -> int:
    """Finds the highest load that meets the limits and prints it; the exit code says whether one does."""
    if not wanted or not limits:
        raise UsageError("--sweep and --limit belong together: --sweep users=1..64 --limit 'p95 <= 20ms'")
    if options.runs < LEAST_RUNS:
        raise UsageError(f"--sweep needs --runs {LEAST_RUNS} or more: fewer give no interval to judge by")
    loads = Range.read(wanted, limits, target)
    lines = Lines(target.workload, options.runs)
    with scratch(options.reports) as folder:
        plan = options.plan(folder, lines)

        def measure(load: float) -> tuple[Sample, ...]:
            taken = samples(target.at(loads.name, load), plan)
            if load == loads.low:
                refuse_hopeless(target, taken)
            return taken

        found = sweep(
            measure,
            loads.limits,
            low=loads.low,
            high=loads.high,
            tell=lambda point: lines.note(loads.line(point)),
        )
    show(loads, found, as_json=options.as_json)
    return exit_code(found)
