"""`autotune apply`: a proven profile on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from autotune.cli.placed import PROFILE, pairs, placed


@click.command("apply", short_help="Apply a proven profile to this machine, as a new generation.")
@click.argument("profile", type=PROFILE, required=False)
@click.option("--dry-run", is_flag=True, help="Show the diff and the commands, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; as root only together with --sha256.")
@click.option("--sha256", metavar="HEX", help="Of the profile that is meant: any other is refused.")
@click.option("--confirm-within", metavar="DURATION", help="Undo it unless it is confirmed by then.")
@click.option("--confirm", is_flag=True, help="Keep the profile that waits to be confirmed.")
@click.option("--force", is_flag=True, help="Overwrite what somebody else has changed.")
@click.option("--force-host", is_flag=True, help="Although it was proven on another kind of machine.")
@click.option("--allow-risk", is_flag=True, help="Although it sets what is not known to be safe.")
@click.option("--signed-by", metavar="IDENTITY", help="Only with this one's good signature.")
@click.option("--allowed-signers", type=PROFILE, help="Who may sign, as ssh-keygen -Y has it.")
@click.option("--signature", type=PROFILE, help="The signature's file.  [default: PROFILE.sig]")
@placed
@click.option("--json", "as_json", is_flag=True, help="Print what is done as JSON.")
def command(
    profile: Path | None,
    sha256: str | None,
    confirm_within: str | None,
    files: tuple[str, ...],
    services: tuple[str, ...],
    signed_by: str | None,
    allowed_signers: Path | None,
    signature: Path | None,
    *,
    force_host: bool,
    allow_risk: bool,
    dry_run: bool,
    yes: bool,
    confirm: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Apply PROFILE: shows what changes, asks, writes the undo first, changes, and reads every value back.

    Take it back with `autotune rollback`, compare the machine with it by `autotune verify`.

    \b
    Exit codes: 0 applied, 2 a bad profile, 4 this machine cannot, 5 not restored, 7 busy, 8 refused.
    """  # noqa: D301  click reads the backspace as "keep these lines"
    from autotune.cli.apply_work import Asked, apply, confirm_waiting

    if confirm:
        if profile is not None:
            raise click.UsageError("--confirm keeps the profile that was applied: name no other one.")
        return confirm_waiting(as_json=as_json)
    if profile is None:
        raise click.UsageError("which profile? As in: autotune apply reports/STUDY/RUN/profile.yaml")
    asked = Asked(
        yes=yes,
        sha256=sha256,
        dry_run=dry_run,
        force=force,
        force_host=force_host,
        allow_risk=allow_risk,
        signed_by=signed_by,
        allowed_signers=allowed_signers,
        signature=signature,
        confirm_within=confirm_within,
        as_json=as_json,
    )
    return apply(profile, asked, files=pairs(files, "--file"), services=pairs(services, "--service"))
