"""`autotune screen`: which parameters matter at all."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.measure.launcher import Launcher


@click.command("screen", short_help="Find the parameters that do not matter, in few trials.")
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--freeze",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write those that do not matter to this file, for `autotune run --freeze`.",
)
@click.option(
    "--trajectories",
    type=click.IntRange(2, 4),
    default=4,
    show_default=True,
    help="Steps of each parameter; so many trials for each, and as many more.",
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, as in a.b=1.")
@click.option("--fresh", is_flag=True, help="Start anew instead of going on with the last screening.")
@click.option("--accept-changes", is_flag=True, help="Go on although machine or workload has changed.")
@click.option("--allow-risk", is_flag=True, help="Try values of the machine beyond what is known to be safe.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def command(
    study: Path,
    freeze: Path | None,
    trajectories: int,
    overrides: tuple[str, ...],
    reports: Path,
    *,
    fresh: bool,
    accept_changes: bool,
    allow_risk: bool,
    as_json: bool,
) -> int:
    """Change the parameters of STUDY one at a time, and say which of them do not matter.

    At most 4 (d + 1) trials of d parameters, measured as `autotune run` does; it goes on by itself where it
    was stopped. The exit code is 0, and 3 where no parameter stands out from the noise.
    """
    # The launcher comes before numpy and scipy: its memory is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.screen_work import Options, screened

        options = Options(
            overrides=overrides,
            reports=reports,
            trajectories=trajectories,
            freeze=freeze,
            fresh=fresh,
            accept_changes=accept_changes,
            allow_risk=allow_risk,
            as_json=as_json,
        )
        return screened(study, options, launcher)
