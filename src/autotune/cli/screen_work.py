"""What `autotune screen` does, once its options are read."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

import click

from autotune.cli.live import note
from autotune.cli.progress import Progress
from autotune.core.errors import ExitCode, InterruptedRunError, TerminatedError
from autotune.flow.host import Host
from autotune.flow.screen import Screened, screen, write_freeze
from autotune.flow.screen_study import TRAJECTORIES
from autotune.measure.host import facts
from autotune.measure.launcher import Launcher
from autotune.report.screening import screening_data, screening_lines
from autotune.study.load import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    overrides: tuple[str, ...]
    reports: Path
    trajectories: int
    freeze: Path | None
    fresh: bool
    accept_changes: bool
    allow_risk: bool
    as_json: bool


def screened(path: Path, options: Options, launcher: Launcher) -> int:
    """Screens the study at `path` and prints what came out; the exit code."""
    machine = Host(note, allow_risk=options.allow_risk)
    try:
        with machine:
            study = load(path, facts=facts(), overrides=options.overrides, read=machine.read)
            with Progress(study) as progress:
                found = screen(
                    study,
                    trajectories=options.trajectories,
                    reports=options.reports,
                    fresh=options.fresh,
                    listener=progress,
                    launcher=launcher,
                    machine=machine,
                    accept_changes=options.accept_changes,
                )
    except KeyboardInterrupt as stop:
        code = stop.exit_code if isinstance(stop, TerminatedError) else ExitCode.INTERRUPTED
        restored = "this machine is as it was before, " if machine.changed else ""
        raise InterruptedRunError(
            f"stopped; {restored}all finished work is saved. Go on with: {_again(path, options)}",
            exit_code=code,
        ) from stop
    frozen = None if options.freeze is None or found.undecided else write_freeze(found, options.freeze)
    if options.as_json:
        data = screening_data(found.study, found.design, found.record, found.screenings, found.idle)
        click.echo(json.dumps(data, allow_nan=False))
    else:
        _show(found, path, options, frozen)
    return ExitCode.UNDECIDED if found.undecided else ExitCode.GOOD


def _again(path: Path, options: Options) -> str:
    words = ["autotune", "screen", str(path), *(word for o in options.overrides for word in ("--set", o))]
    if options.trajectories != TRAJECTORIES:
        words += ["--trajectories", str(options.trajectories)]
    if options.freeze is not None:
        words += ["--freeze", str(options.freeze)]
    if options.allow_risk:
        words.append("--allow-risk")
    if options.reports != Path("reports"):
        words += ["--reports", str(options.reports)]
    return shlex.join(words)


def _show(found: Screened, path: Path, options: Options, frozen: tuple[str, ...] | None) -> None:
    click.echo()
    for screening in found.screenings:
        for line in screening_lines(found.study, screening):
            click.echo(line)
        click.echo()
    never = [n for n, count in found.design.dropped.items() if count == options.trajectories]
    if never:
        click.echo(f"note: never changed, nothing else was permitted or active: {', '.join(never)}")
    dropped = sum(count for name, count in found.design.dropped.items() if name not in never)
    if dropped:
        click.echo(f"note: {dropped} steps were left out, for want of a permitted change")
    click.echo(_answer(found))
    click.echo(f"results  {found.path}")
    click.echo(_next(found, path, options, frozen))


def _answer(found: Screened) -> str:
    trials = f"{len(found.record.trials)} trials"
    if found.undecided:
        return f"UNDECIDED: no parameter stands out from the noise in {trials}"
    if not found.idle:
        return f"every parameter that was screened matters, as far as {trials} show"
    return f"not distinguishable from noise in {trials}: {', '.join(found.idle)}"


def _next(found: Screened, path: Path, options: Options, frozen: tuple[str, ...] | None) -> str:
    study = shlex.quote(str(path))
    if found.undecided:
        return "next     longer samples or a quieter machine (autotune doctor); nothing is frozen"
    if not found.idle:
        return f"next     autotune run {study}"
    if frozen is None:
        names = ", ".join((*found.study.freeze, *found.idle))
        return f"next     freeze: [{names}] in the study, or --freeze FILE"
    return f"next     autotune run {study} --freeze {shlex.quote(str(options.freeze))}"
