"""`autotune run`: the main job."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from autotune.measure.launcher import Launcher


@click.command("run", short_help="Tune a study, prove the gain, write profile and report.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--trials", type=click.IntRange(min=1), help="Trials of the search, instead of the study's.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, as in a.b=1.")
@click.option(
    "--freeze",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Do not search the parameters in this file of `autotune screen`.",
)
@click.option("--fresh", is_flag=True, help="Start a new run instead of going on with the last one.")
@click.option("--accept-changes", is_flag=True, help="Go on although machine or workload has changed.")
@click.option("--allow-risk", is_flag=True, help="Try values of the machine beyond what is known to be safe.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def command(
    study: Path,
    trials: int | None,
    overrides: tuple[str, ...],
    freeze: Path | None,
    reports: Path,
    *,
    fresh: bool,
    accept_changes: bool,
    allow_risk: bool,
    as_json: bool,
) -> int:
    """Tune the system of STUDY, prove the best configuration against the baseline, write what is proven.

    Goes on by itself where an earlier run was stopped.
    """
    # The launcher comes before numpy, scipy and optuna: its memory is the floor of what is measured.
    with Launcher() as launcher:
        if freeze is not None:
            from autotune.cli.freeze import freeze_override

            overrides = (*overrides, freeze_override(freeze))
        return _run(
            study,
            trials,
            overrides,
            reports,
            fresh=fresh,
            accept_changes=accept_changes,
            allow_risk=allow_risk,
            as_json=as_json,
            launcher=launcher,
        )


def _run(
    path: Path,
    trials: int | None,
    overrides: tuple[str, ...],
    reports: Path,
    *,
    fresh: bool,
    accept_changes: bool,
    allow_risk: bool,
    as_json: bool,
    launcher: Launcher,
) -> int:
    from autotune.cli.closing import exit_code, show
    from autotune.cli.live import note
    from autotune.cli.progress import Progress
    from autotune.core.errors import ExitCode, InterruptedRunError, TerminatedError
    from autotune.flow.host import Host
    from autotune.flow.run import run
    from autotune.measure.host import facts
    from autotune.study.load import load

    if trials is not None:
        overrides = (*overrides, f"budget.trials={trials}")
    machine = Host(note, allow_risk=allow_risk)
    try:
        with machine:
            study = load(path, facts=facts(), overrides=overrides, read=machine.read)
            with Progress(study) as progress:
                found = run(
                    study,
                    reports=reports,
                    fresh=fresh,
                    listener=progress,
                    launcher=launcher,
                    machine=machine,
                    accept_changes=accept_changes,
                )
    except KeyboardInterrupt as stop:
        again = ["autotune", "run", str(path), *(word for o in overrides for word in ("--set", o))]
        if allow_risk:
            again.append("--allow-risk")
        if reports != Path("reports"):
            again += ["--reports", str(reports)]
        code = stop.exit_code if isinstance(stop, TerminatedError) else ExitCode.INTERRUPTED
        restored = "this machine is as it was before, " if machine.changed else ""
        raise InterruptedRunError(
            f"stopped; {restored}all finished work is saved. Go on with: {shlex.join(again)}", exit_code=code
        ) from stop
    show(found, as_json=as_json)
    return exit_code(found)
