"""`autotune rollback`: back to an earlier generation."""

from __future__ import annotations

import json
from typing import Any

import click

from autotune.flow.rollback import Rolled, rollback


@click.command("rollback", short_help="Take a profile back; restore what a dead run left open.")
@click.option("--to", type=click.IntRange(min=0), help="A generation; 0 is what was there before any.")
@click.option("--force", is_flag=True, help="Overwrite what somebody else has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print what is done as JSON.")
def command(to: int | None, *, force: bool, as_json: bool) -> int:
    """Bring back the values from before the profile in force, or of generation N.

    First restores whatever a dead process left open, or waits to be confirmed; if there was such a thing,
    that is all. What somebody else has changed is left alone and listed.

    \b
    Exit codes: 0 done or nothing to do, 2 no such generation, 5 something was left, 7 busy.
    """  # noqa: D301  click reads the backspace as "keep these lines"
    from autotune.cli.machine import note, state
    from autotune.core.errors import ExitCode

    done = rollback(state(), to=to, force=force, note=note, wait_s=10.0)
    if as_json:
        click.echo(json.dumps(_data(done), indent=2))
    else:
        _say(done)
    return ExitCode.NOT_RESTORED if done.left else ExitCode.GOOD


def _say(done: Rolled) -> None:
    for one in done.returned:
        click.echo(f"{one.target.key}: {'taken away' if one.value is None else one.value}")
    for left in done.left:
        click.echo(f"left: {left.target.key} is {left.actual}, should be {left.wanted}: {left.why}")
    if done.made is None:
        click.echo("restored what was left open." if done.recovered else "nothing to do.")
    elif done.left:
        click.echo(f"generation {done.made.number} is in force; left alone: {len(done.left)}.")
    else:
        click.echo(f"generation {done.made.number} is in force: generation {done.made.again} again.")


def _data(done: Rolled) -> dict[str, Any]:
    return {
        "generation": done.made.number if done.made else None,
        "recovered": done.recovered,
        "returned": [{"key": one.target.key, "value": one.value} for one in done.returned],
        "left": [
            {"key": left.target.key, "wanted": left.wanted, "actual": left.actual, "why": left.why}
            for left in done.left
        ],
    }
