"""`autotune doctor`: what makes this machine noisy or unable."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autotune.measure.doctor.finding import Finding
    from autotune.model.workload import Workload


@click.command("doctor", short_help="What makes this machine noisy, or unable to measure something.")
@click.argument("study", required=False, type=click.Path(path_type=Path))
@click.option(
    "--seconds", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, help="Watch so long."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(study: Path | None, seconds: float, *, as_json: bool) -> None:
    """Look at CPU, memory, disk, neighbours and rights, and at what STUDY needs.

    Each finding has a state: ok, noisy (results vary more), unable (something cannot be measured) or unknown,
    and where there is one the command that mends it. Nothing is changed, none of the commands is run.
    A finding is no failure: the exit code is 0, and 2 for bad usage.
    """
    from autotune.measure.doctor.examine import examine
    from autotune.measure.doctor.finding import Machine

    wrong, workload = _workload(study)
    found = (*wrong, *examine(Machine(), folder=Path.cwd(), seconds=seconds, workload=workload))
    if as_json:
        click.echo(json.dumps(_document(found), allow_nan=False))
    else:
        _show(found)


def _workload(path: Path | None) -> tuple[list[Finding], Workload | None]:
    """The workload of a study or workload file, or what is wrong with the file as findings.

    Raises FileError where there is no such file.
    """
    from autotune.core.errors import FileError
    from autotune.flow.host import settled
    from autotune.measure.doctor.finding import Finding, Health
    from autotune.measure.host import facts
    from autotune.study.load import kind_of, load, load_workload

    if path is None:
        return [], None
    kind = kind_of(path)
    try:
        if kind == "workload":
            return [], load_workload(path, facts=facts(), read=settled)
        return [], load(path, facts=facts(), read=settled, untuned=True).workload
    except FileError as error:
        return [
            Finding(
                name="file",
                state=Health.UNABLE,
                seen=str(problem),
                why="the study cannot run",
                mend=f"autotune check {path}",
            )
            for problem in error.problems
        ], None


def _document(found: tuple[Finding, ...]) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "schema": "autotune.doctor/1",
        "counts": Counter(finding.state for finding in found),
        "findings": [asdict(finding) for finding in found],
    }


def _show(found: tuple[Finding, ...]) -> None:
    from autotune.core.redact import printable

    width = max(len(finding.name) for finding in found)
    for finding in found:
        click.echo(printable(f"{finding.state:<8} {finding.name:<{width}}  {finding.seen}"))
        for label, text in (("", finding.why), ("mend: ", finding.mend)):
            if text:
                click.echo(printable(f"{'':<8} {'':<{width}}  {label}{text}"))
    counts = Counter(finding.state for finding in found)
    click.echo()
    click.echo(", ".join(f"{count} {state}" for state, count in counts.items()))
    click.echo("what to do about noise: docs/how-to/quiet-machine.md")
