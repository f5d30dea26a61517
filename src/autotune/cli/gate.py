"""`autotune gate`: whether a change made anything worse, in the same job."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.measure.launcher import Launcher


@click.command("gate", short_help="Fail a build that made a workload slower.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--base", metavar="REF", help="Commit to compare with: origin/main, HEAD~1.")
@click.option(
    "--profile", type=click.Path(path_type=Path), help="Whether its gain over the defaults still holds."
)
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="What --json wrote at another time, as the base."
)
@click.option("--drill", metavar="SHARE", help="Slow the head down by so much: the gate has to go red.")
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="LIMIT",
    help="How much worse is a failure: 5%, or of one metric p95_ms=10%.  [default: 5%]",
)
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Look at these alone.")
@click.option("--set", "both", multiple=True, metavar="KEY=VALUE", help="What both have.")
@click.option("--pairs", type=click.IntRange(6, 10_000), default=40, show_default=True, help="Pairs at most.")
@click.option(
    "--confirm",
    type=click.IntRange(1, 10),
    default=2,
    show_default=True,
    help="Rounds that it takes to fail.",
)
@click.option(
    "--on-undecided", type=click.Choice(["pass", "warn", "fail"]), default="warn", show_default=True
)
@click.option("--max-time", metavar="DURATION", help="No pair begins later.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the coins.")
@click.option("--allow-missing", is_flag=True, help="What one of the two does not have is no failure.")
@click.option("--allow-risk", is_flag=True, help="Let the machine have values not known to be safe.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML there.")
@click.option("--sarif", type=click.Path(path_type=Path), help="Write SARIF there.")
@click.option("--summary", type=click.Path(path_type=Path), help="Append the Markdown summary there.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all samples there.")
@click.option(
    "--export",
    "exports",
    multiple=True,
    metavar="FORMAT=PATH",
    help="For other tools: pytest-benchmark, customSmallerIsBetter, customBiggerIsBetter, bencher.",
)
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
def command(
    files: tuple[Path, ...],
    base: str | None,
    profile: Path | None,
    baseline: Path | None,
    drill: str | None,
    limits: tuple[str, ...],
    metrics: tuple[str, ...],
    both: tuple[str, ...],
    pairs: int,
    confirm: int,
    on_undecided: str,
    max_time: str | None,
    seed: int,
    junit: Path | None,
    sarif: Path | None,
    summary: Path | None,
    json_file: Path | None,
    exports: tuple[str, ...],
    reports: Path,
    *,
    allow_missing: bool,
    allow_risk: bool,
) -> int:
    """Compare the working tree with another commit, pair by pair: pass, fail or undecided for each metric.

    FILES are workload or study files, or folders of them. As in: autotune gate workloads/parse.yaml --base
    origin/main --limit 5%.

    \b
    Exit codes: 0 passed, or undecided; 1 failed, 3 undecided with --on-undecided fail, 4 a build or the base
    fails.
    """  # noqa: D301  click reads the backspace as "keep these lines"
    # The launcher comes before numpy and scipy: its memory is the floor of what is measured.
    with Launcher() as launcher:
        from autotune.cli.gate_outputs import Outputs
        from autotune.cli.gate_work import Asked, gate
        from autotune.cli.live import note
        from autotune.flow.gate_rules import Rules
        from autotune.flow.host import Host
        from autotune.report.gate_exports import asked_for

        asked = Asked(
            files=files,
            base=base,
            profile=profile,
            baseline=baseline,
            drill=drill,
            settings=both,
            rules=Rules(metrics=metrics, limits=limits, pairs=pairs, seed=seed),
            rounds=confirm,
            max_time=max_time,
            allow_missing=allow_missing,
            reports=reports,
        )
        outputs = Outputs(
            junit=junit,
            sarif=sarif,
            summary=summary,
            json=json_file,
            exports=asked_for(exports, "--export"),
            strict=on_undecided == "fail",
        )
        with Host(note, allow_risk=allow_risk) as host:
            return gate(asked, outputs, launcher, host)
