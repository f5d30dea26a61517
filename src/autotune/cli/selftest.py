"""`autotune selftest`: what this machine can and cannot show."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.measure.launcher import Launcher


@click.command("selftest", short_help="Say how small a change this machine can show.")
@click.argument("workload", type=click.Path(path_type=Path), required=False)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A parameter's value, or a key.")
@click.option("--metric", metavar="NAME", help="Of the workload, or a resource such as cpu_s.")
@click.option("--pairs", type=click.IntRange(6, 1000), default=40, show_default=True, help="Measured.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the coins.  [default: the study's, or 0]")
@click.option("--allow-risk", is_flag=True, help="Let the machine have values not known to be safe.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def command(
    workload: Path | None,
    settings: tuple[str, ...],
    metric: str | None,
    pairs: int,
    seed: int | None,
    reports: Path,
    *,
    allow_risk: bool,
    as_json: bool,
) -> int:
    """Compare the baseline of WORKLOAD, a workload or study file, with itself on this machine.

    Without WORKLOAD a short loop that every machine has. The floor, what equal configurations seem to differ
    by, is saved; where it exceeds the margin, it is the margin of later verdicts on this workload and metric.
    """
    # The launcher comes before numpy and scipy: its memory is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.compare_work import Options
        from autotune.cli.live import note
        from autotune.cli.selftest_work import selftest, target
        from autotune.flow.compare_rules import Rules
        from autotune.flow.host import Host

        rules = Rules(metric=metric, pairs=pairs, seed=seed)
        with Host(note, allow_risk=allow_risk) as host:
            options = Options(reports=reports, launcher=launcher, host=host, as_json=as_json)
            measured = target(workload, settings, host.read)
            return selftest(measured, rules, options, built_in=workload is None)
