"""`autotune bench`: measures one configuration with all that it costs."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.cli.after_dashes import AfterDashes, after_dashes
from autotune.measure.launcher import Launcher


@click.command("bench", cls=AfterDashes, short_help="Measure one configuration with its resources.")
@click.argument("workload", type=click.Path(path_type=Path), required=False)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A parameter's value, or a key.")
@click.option("--runs", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Samples.")
@click.option("--warmups", type=click.IntRange(0, 1000), default=1, show_default=True, help="Before them.")
@click.option("--sweep", metavar="NAME=LOW..HIGH", help="Find the highest load that meets every --limit.")
@click.option("--limit", "limits", multiple=True, metavar="LIMIT", help="As in 'p95_ms <= 20'.")
@click.option("--timeout", metavar="DURATION", help="Longest run of a command after --.  [default: 300s]")
@click.option("--allow-risk", is_flag=True, help="Let the machine have values not known to be safe.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    workload: Path | None,
    settings: tuple[str, ...],
    runs: int,
    warmups: int,
    sweep: str | None,
    limits: tuple[str, ...],
    timeout: str | None,
    reports: Path,
    *,
    allow_risk: bool,
    as_json: bool,
) -> int:
    """Measure WORKLOAD, a workload or study file, under its defaults or as --set says.

    Or a bare command: autotune bench -- make test. One line per sample on standard error, at the end a table
    of every metric and resource: median, spread, n, source, quality.
    """
    # The launcher comes before numpy and scipy: its memory is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.bench_load import sweep_load
        from autotune.cli.bench_work import Options, bench, target
        from autotune.cli.live import note
        from autotune.flow.host import Host

        with Host(note, allow_risk=allow_risk) as host:
            measured = target(workload, after_dashes(ctx), settings, timeout, host.read)
            options = Options(
                runs=runs, warmups=warmups, reports=reports, launcher=launcher, host=host, as_json=as_json
            )
            if sweep or limits:
                return sweep_load(measured, options, sweep, limits)
            return bench(measured, options)
