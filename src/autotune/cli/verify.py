"""`autotune verify`: where the machine has drifted from its profile."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autotune.cli.placed import PROFILE, pairs, placed


@click.command("verify", short_help="Say where the machine has drifted from its profile.")
@click.argument("profile", type=PROFILE, required=False)
@placed
@click.option("--json", "as_json", is_flag=True, help="Print the drift as JSON.")
def command(profile: Path | None, files: tuple[str, ...], services: tuple[str, ...], *, as_json: bool) -> int:
    """Compare what the machine holds with the generation in force, or with PROFILE.

    Changes nothing. Exit codes: 0 no drift, 1 drift, 2 nothing to compare with.
    """
    from autotune.cli.machine import state
    from autotune.core.errors import ExitCode
    from autotune.flow.apply_targets import Places
    from autotune.flow.verify import against, verify
    from autotune.profile.read import read

    if profile is None:
        made, drift = verify(state())
        count, what = len(made.managed), f"generation {made.number} ({made.profile or 'the originals'})"
    else:
        found = read(profile)
        places = Places(
            files={name: Path(place) for name, place in pairs(files, "--file").items()},
            services=pairs(services, "--service"),
        )
        count, drift = against(found, places)
        what = f"profile {found.name}"
    if as_json:
        told = [
            {"key": d.target.key, "parameter": d.parameter, "expected": d.expected, "actual": d.actual}
            for d in drift
        ]
        click.echo(json.dumps({"compared": count, "drift": told}, indent=2))
        return ExitCode.WORSE if drift else ExitCode.GOOD
    for one in drift:
        actual = one.problem or f"is {'not there' if one.actual is None else one.actual}"
        click.echo(
            f"{one.target.key}: should be {'absent' if one.expected is None else one.expected}, {actual}"
        )
    if drift:
        click.echo(f"{len(drift)} of {count} values have drifted from {what}.")
        return ExitCode.WORSE
    click.echo(f"no drift: all {count} values are as {what} says.")
    return ExitCode.GOOD
