"""`autotune install-boot`: systemd restores and applies the profile at each boot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from autotune.cli.machine import note, state
from autotune.core.errors import ExitCode, StorageError, WorkloadError
from autotune.core.files import write_atomic
from autotune.flow import boot

_TOOLS = "/usr/bin:/bin:/usr/sbin:/sbin"
_PATIENCE_S = 60


@click.command("install-boot", short_help="Let systemd restore and apply the profile at each boot.")
@click.option("--remove", is_flag=True, help="Take the units away again.")
@click.option("--dry-run", is_flag=True, help="Print the units, write nothing.")
@click.option("--units", type=click.Path(path_type=Path), help="Their folder.  [default: systemd's own]")
@click.option("--at-boot", is_flag=True, hidden=True)
@click.option("--boot-is-good", is_flag=True, hidden=True)
def command(units: Path | None, *, remove: bool, dry_run: bool, at_boot: bool, boot_is_good: bool) -> int:
    """Write and enable a unit for each boot: it restores what a crash left, and applies the profile in force.

    After two boots in a row that did not become good within five minutes it disables itself.
    """
    if boot_is_good:
        boot.is_good(state())
        return ExitCode.GOOD
    if at_boot:
        return _at_boot()
    root = os.geteuid() == 0
    folder = units or _folder(root=root)
    texts = boot.units(sys.executable, state(), root=root)
    if dry_run:
        for name, text in texts.items():
            click.echo(f"# {folder / name}\n{text}")
        return ExitCode.GOOD
    if remove:
        return _remove(folder, list(texts), root=root)
    state().mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in texts.items():
        write_atomic(folder / name, text)
    boot.is_good(state())
    _systemctl("enable", root=root)
    click.echo(f"installed in {folder} and enabled: {boot.UNIT}, {boot.TIMER}")
    click.echo("take them away with: autotune install-boot --remove")
    return ExitCode.GOOD


def _at_boot() -> int:
    made = boot.at_boot(
        state(), note=note, disable=lambda: _systemctl("disable", root=os.geteuid() == 0, missing_ok=True)
    )
    click.echo("no profile is in force." if made is None else f"generation {made.number} is in force.")
    return ExitCode.GOOD


def _folder(*, root: bool) -> Path:
    return Path("/etc/systemd/system") if root else Path.home() / ".config" / "systemd" / "user"


def _remove(folder: Path, names: Sequence[str], *, root: bool) -> int:
    _systemctl("disable", root=root, missing_ok=True)
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{folder / name} cannot be removed: {error.strerror}.") from error
    click.echo(f"removed from {folder}: {', '.join(names)}")
    return ExitCode.GOOD


def _systemctl(verb: str, *, root: bool, missing_ok: bool = False) -> None:
    """Enables or disables the units; raises WorkloadError where systemd is not here, or refuses."""
    tool = shutil.which("systemctl", path=_TOOLS)
    if tool is None:
        if missing_ok:
            return
        raise WorkloadError("systemctl is not here: the units are written, but nothing starts them.")
    whose = () if root else ("--user",)
    done = subprocess.run(  # noqa: S603  a fixed tool with fixed words
        (tool, *whose, verb, boot.UNIT, boot.TIMER),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
        env={"PATH": _TOOLS, **{k: v for k, v in os.environ.items() if k == "XDG_RUNTIME_DIR"}},
    )
    if done.returncode and not missing_ok:
        raise WorkloadError(f"systemctl {verb} failed: {done.stderr.strip()[:300]}")
