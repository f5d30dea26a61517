"""`autotune history`: the results of one commit after the other, and where they changed."""

from __future__ import annotations

from pathlib import Path

import click

DEFAULT = "reports/history.db"


def _also(ctx: click.Context, _: click.Parameter, place: str | None) -> None:
    if place is not None:
        ctx.obj = place


_DB = click.option(
    "--db", metavar="FILE|URL", expose_value=False, callback=_also, help="As before the subcommand's name."
)


@click.group("history", short_help="Keep results by commit, and find where they changed.")
@click.option(
    "--db",
    metavar="FILE|URL",
    default=DEFAULT,
    show_default=True,
    envvar="AUTOTUNE_HISTORY",
    help="A SQLite file, or postgresql://...",
)
@click.pass_context
def command(ctx: click.Context, db: str) -> None:
    """Keep what `autotune gate --json` measured of the main branch, and find change points in it.

    As in: autotune gate workloads --base HEAD~1 --json gate.json; autotune history add gate.json; autotune
    history changes.
    """
    ctx.obj = db


@command.command("add", short_help="Keep a gate's results.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_DB
@click.pass_obj
def add(db: str, files: tuple[Path, ...]) -> int:
    """Keep the head's samples of FILES, which `autotune gate --json` wrote; each commit once."""
    from autotune.cli.history_work import keep

    return keep(db, files)


@command.command("changes", short_help="Where results changed for good.")
@click.option("--workload", default="", help="This one alone.")
@click.option("--metric", default="", help="This one alone.")
@click.option("--svg", type=click.Path(path_type=Path), help="Write a picture there.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@_DB
@click.pass_obj
def changes(db: str, workload: str, metric: str, svg: Path | None, *, as_json: bool) -> int:
    """Find change points in each series of medians: the commit, the change and its interval."""
    from autotune.cli.history_work import show

    return show(db, workload=workload, metric=metric, svg=svg, as_json=as_json)


@command.command("export", short_help="Print all results for other programs.")
@click.option("--workload", default="", help="This one alone.")
@click.option("--metric", default="", help="This one alone.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@_DB
@click.pass_obj
def export(db: str, workload: str, metric: str, form: str) -> int:
    """Print the results: as CSV a row for each sample, as JSON an object for each commit."""
    from autotune.cli.history_work import exported

    return exported(db, workload=workload, metric=metric, form=form)
