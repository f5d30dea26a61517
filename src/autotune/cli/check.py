"""`autotune check`: says whether a file is right, and what running it would cost."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from autotune.core.errors import ExitCode, FileError

_LARGEST_TOLD = 10**15
"""A count with more digits is told by their number."""


@click.command("check", short_help="Check a study or workload file; the expected duration.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, as in a.b=1.")
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def command(file: Path, overrides: tuple[str, ...], reports: Path, *, as_json: bool) -> int:
    """Check FILE, a study or a workload: every mistake with its line, or what it holds.

    Nothing of the workload is run.
    """
    try:
        found = _facts_of(file, overrides, reports)
    except FileError as error:
        if not as_json:
            raise
        problems = [
            {"file": p.file, "line": p.line, "column": p.column, "message": p.message} for p in error.problems
        ]
        click.echo(json.dumps({"ok": False, "problems": problems}))
        return ExitCode.USAGE
    click.echo(json.dumps({"ok": True, **found}) if as_json else _sentences(found))
    return ExitCode.GOOD


def _facts_of(file: Path, overrides: tuple[str, ...], reports: Path) -> dict[str, Any]:
    from autotune.flow.estimate import expected, sample_seconds
    from autotune.flow.host import settled
    from autotune.flow.warm import chosen
    from autotune.measure.host import facts
    from autotune.study.draw import size
    from autotune.study.feasible import cautions
    from autotune.study.load import kind_of, load, load_workload

    if kind_of(file) == "workload":
        workload = load_workload(file, facts=facts(), overrides=overrides, read=settled)
        space = _space(workload.space, size(workload.space))
        return {"kind": "workload", "name": workload.name, **space, "changes": _changes(workload)}
    study = load(file, facts=facts(), overrides=overrides, read=settled)
    if study.warm_start is not None:
        chosen(study, study.warm_start)
    estimate = expected(study, sample_seconds(study.name, reports=reports))
    return {
        "kind": "study",
        "name": study.name,
        **_space(study.workload.space, size(study.workload.space)),
        "changes": _changes(study.workload),
        "frozen": list(study.freeze),
        "trials": study.budget.trials,
        "pairs": study.validation.pairs,
        "samples": [estimate.least_samples, estimate.most_samples],
        "seconds": [estimate.least_s, estimate.most_s],
        "expected": estimate.sentence(),
        "cautions": list(cautions(study)),
    }


def _space(space: Any, size: float) -> dict[str, Any]:
    return {"parameters": len(space.parameters), "configurations": None if size == math.inf else int(size)}


def _changes(workload: Any) -> list[dict[str, Any]]:
    """The parameters that change this machine: their places, and what these hold now."""
    from autotune.core.errors import WorkloadError
    from autotune.flow.host import settled
    from autotune.flow.host_places import host_parameters, placed_one
    from autotune.flow.host_rules import beyond

    risky: dict[str, list[str]] = {}
    for name, ruling in beyond(workload):
        risky.setdefault(name, []).append(ruling.why)
    found = []
    for parameter in host_parameters(workload):
        risks = risky.get(parameter.name, [])
        entry = {"parameter": parameter.name, "place": "", "now": None, "problem": "", "beyond": risks}
        found.append(entry)
        try:
            target = placed_one(parameter, workload).target
            entry.update(place=target.key, now=settled(target))
        except WorkloadError as error:
            entry["problem"] = str(error)
    return found


def _told_changes(changes: list[dict[str, Any]]) -> list[str]:
    from autotune.flow.host import state

    told = [
        f"changes this machine: {c['parameter']} ({c['problem'] or c['place'] + ', now ' + str(c['now'])})"
        for c in changes
    ]
    if not told:
        return []
    told += [f"refused without --allow-risk: {why}" for c in changes for why in c["beyond"]]
    return [*told, f"restored when a run ends, however it ends; a run holds this machine's lock in {state()}"]


def _sentences(found: dict[str, Any]) -> str:
    count = found["configurations"]
    space = (
        "a continuous space" if count is None else f"{_counted(count, 'configuration')} before constraints"
    )
    parts = [_counted(found["parameters"], "parameter"), space]
    told_changes = _told_changes(found["changes"])
    if found["kind"] == "workload":
        return "\n".join([f"OK: workload {found['name']}: {', '.join(parts)}", *told_changes])
    parts += [_counted(found["trials"], "trial"), _counted(found["pairs"], "pair") + " at most"]
    told = [f"OK: study {found['name']}: {', '.join(parts)}", f"expected: {found['expected']}"]
    if found["frozen"]:
        told.append(f"frozen at the baseline's value: {', '.join(found['frozen'])}")
    return "\n".join([*told, *told_changes, *(f"caution: {caution}" for caution in found["cautions"])])


def _counted(count: int, what: str) -> str:
    if count >= _LARGEST_TOLD:
        return f"about 10^{len(str(count)) - 1} {what}s"
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
