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
from autotune.actuate.recover import waiting_s
from autotune.cli.machine import note, state
from autotune.core.errors import ExitCode, RefusedError, UsageError
from autotune.core.units import UnitError, duration_s, show_seconds
from autotune.flow import apply as flow
from autotune.flow.apply_preview import Preview, preview
from autotune.flow.apply_rules import admitted
from autotune.flow.apply_targets import Places, elsewhere, steps
from autotune.flow.rollback import rollback
from autotune.measure.host import describe, facts
from autotune.profile.trust import Signature, Trusted, read_trusted
from autotune.profile.words import headline, one_line

_WAIT_S = 10.0
"""How long another autotune, perhaps a guardian that restores, may hold the machine before this gives up."""

_SHORTEST_S, _LONGEST_S = 1.0, 86_400.0
"""For a person to confirm, and for a machine to be left in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers that the command line gives in advance, and how to answer."""

    yes: bool
    sha256: str | None
    dry_run: bool
    force: bool
    force_host: bool
    allow_risk: bool
    signed_by: str | None
    allowed_signers: Path | None
    signature: Path | None
    confirm_within: str | None
    as_json: bool


def apply(path: Path, asked: Asked, *, files: Mapping[str, str], services: Mapping[str, str]) -> int:
    """Shows and applies the profile at `path`; the exit code."""
    root = os.geteuid() == 0
    within_s = _within_s(asked.confirm_within)
    if asked.yes and root and not asked.sha256 and not asked.dry_run:
        raise UsageError(
            "as root, --yes needs --sha256: it says which file was read. Find it out with: "
            f"autotune apply {shlex.quote(str(path))} --dry-run"
        )
    profile = read_trusted(path, sha256=asked.sha256 or "", signature=_signature(path, asked))
    places = Places(files={name: Path(place) for name, place in files.items()}, services=services)
    found = steps(profile.profile, places)
    told = admitted(
        profile.profile,
        found,
        host=describe(),
        facts=facts(),
        force_host=asked.force_host,
        allow_risk=asked.allow_risk,
    )
    plan = flow.plan(state(), profile.profile, profile.sha256, found, force=asked.force)
    seen = preview(plan, places.specs())
    if not asked.as_json:
        _show(profile, seen, plan)
        for text in told:
            note(text)
    if asked.dry_run and plan.changing:
        again = _again(path, profile, asked, files=files, services=services)
        return _end(asked, plan, None, f"nothing was changed. Apply it with: {again}")
    if not plan.changing:
        return _end(asked, plan, plan.before, "nothing to change: this machine holds all of it already.")
    _ask(asked)
    made = flow.apply(state(), plan, places, note=note, confirm_within_s=within_s, wait_s=_WAIT_S)
    if within_s is None:
        return _end(asked, plan, made, "take it back with: autotune rollback")
    return _wait(asked, plan, made, within_s)


def _signature(path: Path, asked: Asked) -> Signature | None:
    if not asked.signed_by and not asked.allowed_signers and not asked.signature:
        return None
    if not asked.signed_by or not asked.allowed_signers:
        raise UsageError(
            "a signature is checked by --signed-by IDENTITY and --allowed-signers FILE together."
        )
    return Signature(
        file=asked.signature or path.with_name(f"{path.name}.sig"),
        allowed_signers=asked.allowed_signers,
        identity=asked.signed_by,
    )


def _within_s(written: str | None) -> float | None:
    """The seconds that a change may stand unconfirmed; raises UsageError where they make no sense."""
    if written is None:
        return None
    try:
        found = duration_s(written)
    except UnitError as error:
        raise UsageError(f"--confirm-within: {error}") from error
    if not _SHORTEST_S <= found <= _LONGEST_S:
        raise UsageError(f"--confirm-within {written}: it has to be from 1 s to 1 d, as in 120s.")
    return found


def _again(
    path: Path,
    profile: Trusted,
    asked: Asked,
    *,
    files: Mapping[str, str],
    services: Mapping[str, str],
) -> str:
    """The command that applies what was shown without asking."""
    words = ["autotune", "apply", str(path)]
    words += [f"--file={name}={place}" for name, place in files.items()]
    words += [f"--service={name}={unit}" for name, unit in services.items()]
    given = {
        "--force": asked.force,
        "--force-host": asked.force_host,
        "--allow-risk": asked.allow_risk,
        "--confirm-within": asked.confirm_within,
        "--signed-by": asked.signed_by,
        "--allowed-signers": asked.allowed_signers,
        "--signature": asked.signature,
    }
    words += [word for word, value in given.items() if value is True]
    words += [f"{word}={value}" for word, value in given.items() if value and value is not True]
    return shlex.join([*words, "--yes", "--sha256", profile.sha256])


def _show(profile: Trusted, seen: Preview, plan: flow.Plan) -> None:
    for line in headline(profile.profile):
        click.echo(line)
    click.echo(f"sha256: {profile.sha256}")
    if profile.signed_by:
        click.echo(f"signed by: {profile.signed_by}")
    if left_out := elsewhere(profile.profile):
        names = ", ".join(one_line(change.parameter) for change in left_out)
        click.echo(f"not applied here, they belong to the program's own start: {names}")
    for title, lines in (("", seen.diff), ("commands:", seen.commands), ("by hand back:", seen.undo)):
        if lines:
            click.echo(title)
            for line in lines:
                click.echo(f"  {line}" if title else line)
    if plan.before:
        click.echo(
            f"\ngeneration {plan.before.number} is in force ({plan.before.profile or 'the originals'})"
        )


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
    try:
        keep = click.confirm("Keep it?", default=False, err=True)
    except BaseException:
        _take_back()
        raise
    if not keep:
        _take_back()
        return ExitCode.WORSE
    if (waiting_s(state()) or 0) <= 0:
        click.echo("the time to confirm was over: it is undone.")
        return ExitCode.WORSE
    confirm_open(state())
    return _end(asked, plan, made, "kept. Take it back with: autotune rollback")


def _take_back() -> None:
    rollback(state(), note=note, wait_s=_WAIT_S)
    note("it is undone")


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
        count = len(plan.changing)
        values = "1 value" if count == 1 else f"{count} values"
        click.echo(f"applied as generation {made.number}: {values} changed and read back")
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
