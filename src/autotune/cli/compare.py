"""`autotune compare`: the paired verdict of two configurations, or of two commands."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.cli.after_dashes import AfterDashes, after_dashes
from autotune.measure.launcher import Launcher


@click.command(
    "compare", cls=AfterDashes, short_help="Say which of two configurations or commands is better."
)
@click.argument("workload", type=click.Path(path_type=Path), required=False)
@click.option(
    "--a", "a", multiple=True, metavar="KEY=VALUE", help="What A, the baseline, has of its own, or a profile."
)
@click.option(
    "--b", "b", multiple=True, metavar="KEY=VALUE", help="What B, the candidate, has, or a profile."
)
@click.option("--set", "both", multiple=True, metavar="KEY=VALUE", help="What both have.")
@click.option("--same", is_flag=True, help="Compare although both are the same.")
@click.option("--metric", metavar="NAME", help="Of the workload, or a resource such as cpu_s.")
@click.option("--limit", "limits", multiple=True, metavar="LIMIT", help="'p95_ms <= 1.05 * baseline'.")
@click.option("--pairs", type=click.IntRange(6, 10_000), help="Pairs at most.  [default: the study's, or 40]")
@click.option("--min-gain", metavar="SHARE", help="Margin of the verdict.  [default: the study's, or 2%]")
@click.option("--min-difference", metavar="NUMBER", help="The margin where values may be 0 or less.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the coins.  [default: the study's, or 0]")
@click.option("--timeout", metavar="DURATION", help="Longest run of a command after --.  [default: 300s]")
@click.option("--allow-risk", is_flag=True, help="Let the machine have values not known to be safe.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    workload: Path | None,
    a: tuple[str, ...],
    b: tuple[str, ...],
    both: tuple[str, ...],
    metric: str | None,
    limits: tuple[str, ...],
    pairs: int | None,
    min_gain: str | None,
    min_difference: str | None,
    seed: int | None,
    timeout: str | None,
    reports: Path,
    *,
    same: bool,
    allow_risk: bool,
    as_json: bool,
) -> int:
    """Compare B with A in adjacent pairs whose order a coin decides, until the answer is clear.

    Two configurations of WORKLOAD, a workload or study file: A has its defaults, or what --a says. As in:
    autotune compare workload.yaml --b threads=4. Or two commands: autotune compare -- 'make -j2' 'make -j4'.

    \b
    Exit codes: 0 B is better or equivalent, 1 worse, 3 undecided, 4 the workload fails.
    """  # noqa: D301  click reads the backspace as "keep these lines"
    # The launcher comes before numpy and scipy: its memory is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.compare_work import Options, arms, compare
        from autotune.cli.live import note
        from autotune.flow.compare_rules import Rules, ruled
        from autotune.flow.host import Host

        rules = Rules(
            metric=metric,
            limits=limits,
            pairs=pairs,
            min_gain=min_gain,
            min_difference=min_difference,
            seed=seed,
        )
        with Host(note, allow_risk=allow_risk) as host:
            found = arms(workload, after_dashes(ctx), a, b, both, timeout, same=same, read=host.read)
            options = Options(reports=reports, launcher=launcher, host=host, as_json=as_json)
            return compare(ruled(found, rules), options)
