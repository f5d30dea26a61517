"""The last lines of a run: the verdict in one sentence, and what to do next."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from autotune.cli.codes import code_of
from autotune.core.errors import ExitCode
from autotune.core.redact import printable
from autotune.flow.publish import Published
from autotune.flow.tune import EXHAUSTED
from autotune.judge.margin import study_margin_told
from autotune.model.profile import Profile
from autotune.model.verdict import Result
from autotune.profile.place import place_of
from autotune.report.changing import seconds_told
from autotune.report.results import results
from autotune.report.text import changes_table, verdict_sentence

_OF_SERVICES = ("postgres", "redis", "nginx")
"""Formats that a service reads by itself."""


def exit_code(found: Published) -> ExitCode:
    """The exit code that says which of the four answers it was; undecided where nothing was confirmed."""
    return code_of(found.verdict.result) if found.verdict else ExitCode.UNDECIDED


def show(found: Published, *, as_json: bool) -> None:
    """Prints the results: JSON for machines, or the verdict with the files that hold the evidence."""
    if as_json:
        data = results(found.study, found.record, found.verdict, found.profile, found.importance)
        click.echo(json.dumps(data, allow_nan=False))
        return
    click.echo()
    click.echo(verdict_sentence(found.study, found.verdict))
    if found.profile is not None:
        click.echo(changes_table(found.profile))
        click.echo(f"risks: {', '.join(found.profile.risks) or 'none of those declared'}")
    if told := study_margin_told(found.study, found.record.host):
        click.echo(f"note: {printable(told)}")
    for warning in found.verdict.warnings if found.verdict else ():
        click.echo(f"note: {printable(warning)}")
    if told := seconds_told(found.record):
        click.echo(f"note: {told}")
    click.echo()
    if found.profile is not None:
        click.echo(f"profile  {_latest(found.profile_path)}")
    click.echo(f"report   {_latest(found.report_path)}")
    click.echo(_next(found))


def _next(found: Published) -> str:
    if found.profile is not None:
        how = _use(found.profile)
        return f"use it   autotune {how[0]} {_latest(found.profile_path)} {how[1]}"
    if found.verdict is not None and found.verdict.lacks_margin:
        where = "the objective's " if found.study.further else "validate."
        return f"next     set {where}min_difference, a margin in the metric's unit, and start with --fresh"
    budget = found.study.budget
    if found.verdict is not None and not found.verdict.finished and budget.bound_s:
        key = "cost.most" if budget.bound_s != budget.wall_s else "wall"
        return f"next     go on with more time: --set budget.{key}=..., more than before"
    if found.verdict is not None and found.verdict.result is Result.UNDECIDED:
        return (
            "next     more trials (--trials N) may find more; "
            "more pairs (--fresh --set validate.pairs=N) show smaller gains"
        )
    if found.record.stopped == EXHAUSTED:
        return "next     keep what you have; every allowed configuration was tried"
    return "next     keep what you have; more trials (--trials N) may find more"


def _use(profile: Profile) -> tuple[str, str]:
    """The command that brings the profile to where it is used, and its option.

    What stood in the folder of the study's own service has no place on this machine: it is exported.
    """
    own = [
        change.apply
        for change in profile.changes
        if change.apply.options.get("name", "").startswith("{data}/")
    ]
    if own:
        system = place_of(own[0]).system
        return "export", f"--format {system if system in _OF_SERVICES else 'json'}"
    return ("apply", "--dry-run") if profile.of_machine else ("export", "--format json")


def _latest(path: Path) -> str:
    """The path by way of `latest`, as short as it can be written from here."""
    return os.path.relpath(path.parent.parent / "latest" / path.name)
