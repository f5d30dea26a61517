"""`autotune report`: the report again, from the store alone."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Write the report of a study again, without measuring.")
@click.argument("study")
@click.option("--run", "name", help="A certain run instead of the last one.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def command(study: str, name: str | None, reports: Path, *, as_json: bool) -> int:
    """Rebuild report, results and profile of STUDY: a study file, or the name of a study.

    Everything comes from the store; nothing is measured.
    """
    from autotune.cli.closing import exit_code, show
    from autotune.flow.rebuild import rebuild

    found = rebuild(study, reports=reports, run=name)
    show(found, as_json=as_json)
    return exit_code(found)
