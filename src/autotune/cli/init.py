"""`autotune init`: a first study, an example's, or one for a command of the user's own."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init", short_help="Write a study: a first one, an example's, or one for your own command.")
@click.argument("folder", type=click.Path(file_okay=False), default=".")
@click.option("--from-command", "line", metavar="CMD", help="Run CMD once, propose metrics and parameters.")
@click.option("--out", type=click.Path(path_type=Path), help="The file for it.  [default: study.yaml]")
@click.option("--name", default="", help="The study's name.  [default: from the command]")
@click.option("--timeout", default="120s", show_default=True, help="The longest that CMD may take.")
@click.option("--example", is_flag=False, flag_value="", metavar="[NAME]", help="Copy it; no NAME: list all.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    folder: str,
    line: str | None,
    out: Path | None,
    name: str,
    timeout: str,
    example: str | None,
    *,
    as_json: bool,
) -> int:
    """Write a small study into FOLDER that runs as it is, with comments on each of its parts.

    \b
    autotune init --from-command 'sysbench cpu --threads=1 --time=1 run'
        a study for any command that prints numbers
    autotune init --example quickstart FOLDER
        one of the studies that come along, with its workload and scripts

    Nothing is overwritten.
    """  # noqa: D301  click reads the backspace as "keep these lines"
    from autotune.core.errors import UsageError

    if not folder:
        raise UsageError("FOLDER is empty. Name one, or leave it out for the current folder")
    if line is not None and example is not None:
        raise UsageError("--from-command and --example are two ways to begin. Take one")
    if line is None:
        if out is not None or name:
            raise UsageError("--out and --name belong to --from-command")
        from autotune.cli.init_files import copied, first_copied, listed

        if example is None:
            return first_copied(Path(folder), as_json=as_json)
        return copied(example, Path(folder), as_json=as_json) if example else listed(as_json=as_json)

    from autotune.measure.launcher import Launcher

    # The launcher comes before all else: what it needs is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.init_command import from_command

        file = Path(folder) / "study.yaml" if out is None else out
        from_command(line, out=file, name=name, timeout=timeout, launcher=launcher, as_json=as_json)
    return 0
