"""What `autotune apply` does once its command line is read."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from autotune.actuate.generations import Generation
from autotune.actuate.recover import confirm as confirm_open
from autotune.cli.machine import note, state
from autotune.core.errors import ExitCode, RefusedError, UsageError
from autotune.core.units import duration_s, show_seconds
from autotune.flow import apply as flow
from autotune.flow.apply_preview import Preview, preview
from autotune.flow.apply_targets import Places, elsewhere
from autotune.flow.profile_file import Given, given
from autotune.profile.words import headline, one_line

_WAIT_S = 10.0
"""How long another autotune, perhaps a guardian that restores, may hold the machine before this gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers that the command line gives in advance, and how to answer."""

    yes: bool
    sha256: str | None
    dry_run: bool
    force: bool
    confirm_within: str | None
    as_json: bool


def apply(path: Path, asked: Asked, *, files: Mapping[str, str], services: Mapping[str, str]) -> int:
    """Shows and applies the profile at `path`; the exit code."""
    root = os.geteuid() == 0
    within_s = duration_s(asked.confirm_within) if asked.confirm_within else None
    if asked.yes and root and not asked.sha256 and not asked.dry_run:
        raise UsageError(
            "as root, --yes needs --sha256: it says which file was read. Find it out with: "
            f"autotune apply {shlex.quote(str(path))} --dry-run"
        )
    profile = given(path, root=root)
    if asked.sha256 is not None and profile.sha256 != asked.sha256.lower():
        raise RefusedError(f"{path} is not the file that was meant: its sha256 is {profile.sha256}.")
    places = Places(files={name: Path(place) for name, place in files.items()}, services=services)
    plan = flow.plan(state(), profile.profile, profile.sha256, places, force=asked.force)
    seen = preview(plan, places.specs())
    if not asked.as_json:
        _show(profile, seen, plan)
    if asked.dry_run:
        return _end(asked, plan, None, "nothing was changed. Apply it with: " + _again(path, profile))
    if not plan.changing:
        return _end(asked, plan, plan.before, "nothing to change: this machine holds all of it already.")
    _ask(asked)
    made = flow.apply(state(), plan, places, note=note, confirm_within_s=within_s, wait_s=_WAIT_S)
    if within_s is None:
        return _end(asked, plan, made, "take it back with: autotune rollback")
    return _wait(asked, plan, made, within_s)


def _again(path: Path, profile: Given) -> str:
    return f"autotune apply {shlex.quote(str(path))} --yes --sha256 {profile.sha256}"


def _show(profile: Given, seen: Preview, plan: flow.Plan) -> None:
    for line in headline(profile.profile):
        click.echo(line)
    click.echo(f"sha256: {profile.sha256}")
    if left_out := elsewhere(profile.profile):
        names = ", ".join(one_line(change.parameter) for change in left_out)
        click.echo(f"not applied here, they belong to the program's own start: {names}")
    for title, lines in (("", seen.diff), ("commands:", seen.commands), ("by hand back:", seen.undo)):
        if lines:
            click.echo(title)
            for line in lines:
                click.echo(f"  {line}" if title else line)
    if plan.before:
        click.echo(f"\ngeneration {plan.before.number} is in force ({plan.before.profile or 'none'})")


def _ask(asked: Asked) -> None:
    """Raises RefusedError where nobody says yes."""
    if asked.yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("nobody is here to confirm. Say --yes --sha256 HEX where this is what you want.")
    if not click.confirm("\nApply this?", default=False, err=True):
        raise RefusedError("nothing was changed.")


def _wait(asked: Asked, plan: flow.Plan, made: Generation, within_s: float) -> int:
    """Asks a user at a terminal whether all is well; elsewhere leaves the question open."""
    told = f"it is undone in {show_seconds(within_s)} unless confirmed: autotune apply --confirm"
    if asked.yes or not sys.stdin.isatty():
        return _end(asked, plan, made, told)
    note(told)
    click.prompt("Keep it? Press Enter", default="", show_default=False, err=True)
    confirm_open(state())
    return _end(asked, plan, made, "kept. Take it back with: autotune rollback")


def _end(asked: Asked, plan: flow.Plan, made: Generation | None, last: str) -> int:
    """Says what was done; the exit code."""
    if asked.as_json:
        changed = [
            {"key": step.target.key, "parameter": step.change.parameter, "from": held, "to": step.asked}
            for step, held in plan.changing
        ]
        number = made.number if made else None
        click.echo(json.dumps({"profile": plan.profile.name, "sha256": plan.sha256, "generation": number,
                               "changes": changed, "dry_run": asked.dry_run}, indent=2))  # fmt: skip
        return ExitCode.GOOD
    if made and plan.changing and not asked.dry_run:
        click.echo(f"applied as generation {made.number}: {len(plan.changing)} values changed and read back")
    click.echo(last)
    return ExitCode.GOOD


def confirm_waiting(*, as_json: bool) -> int:
    """Keeps the profile that waits; the exit code."""
    confirm_open(state())
    if as_json:
        click.echo(json.dumps({"confirmed": True}))
    else:
        click.echo("kept. Take it back with: autotune rollback")
    return ExitCode.GOOD
