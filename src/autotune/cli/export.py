"""`autotune export`: a profile in the format of another tool."""

from __future__ import annotations

from pathlib import Path

import click

_FORMATS = "env, json, nginx, postgres, redis, shell, sql, sysctl, systemd, or a plug-in's format."


@click.command("export", short_help="Write a profile in the format of another tool.")
@click.argument("profile", type=click.Path(path_type=Path))
@click.option("--format", "name", required=True, metavar="F", help=_FORMATS)
@click.option("--output", type=click.Path(path_type=Path), help="A file instead of standard output.")
def command(profile: Path, name: str, output: Path | None) -> None:
    """Print PROFILE for another tool, with its verdict and its risks."""
    from autotune.core.files import write_atomic
    from autotune.core.registry import load
    from autotune.profile.read import read

    text = load("exporters", name)(read(profile))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_atomic(output, text)
