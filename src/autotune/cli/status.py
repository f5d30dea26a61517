"""`autotune status`: what autotune has made of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from autotune.flow.status import Status, status
from autotune.model.target import Target


@click.command("status", short_help="Say which profile is in force, and what is open.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(*, as_json: bool) -> int:
    """Say which generation is in force, whether the machine has drifted from it, and what is under way.

    What a dead process left open is restored first. Exit codes: 0 all told, 5 something is not restored.
    """
    from autotune.cli.machine import note, state
    from autotune.core.errors import ExitCode

    found = status(state(), note=note)
    if as_json:
        click.echo(json.dumps(_data(found), indent=2))
    else:
        for line in _lines(found):
            click.echo(line)
    return ExitCode.GOOD


def _lines(found: Status) -> Iterator[str]:
    yield f"state       {found.state}"
    made = found.in_force
    if made is None:
        yield "in force    nothing: no profile was ever applied here, as far as this folder knows"
    else:
        what = f"profile {made.profile}" if made.profile else "the originals"
        yield f"in force    generation {made.number}: {what}, {made.why} {made.at}"
        drift = f"{len(found.drift)} drifted: autotune verify" if found.drift else "no drift"
        yield f"values      {len(made.managed)}, {drift}"
    for one in found.generations:
        again = f" to {one.again}" if one.again is not None else f" {one.profile}" if one.profile else ""
        yield f"generation  {one.number}  {one.at}  {one.why}{again}"
    if found.waiting_s is not None and found.waiting_s > 0:
        yield f"waiting     undone in {found.waiting_s:.0f} s unless confirmed: autotune apply --confirm"
    if found.busy:
        yield f"busy        {found.busy} changes this machine now, and will restore it"
    if found.restored:
        yield "restored    what a dead process had left open"


def _data(found: Status) -> dict[str, Any]:
    return {
        "state": str(found.state),
        "in_force": found.in_force.number if found.in_force else None,
        "generations": [
            {"number": g.number, "parent": g.parent, "why": g.why, "profile": g.profile, "at": g.at}
            for g in found.generations
        ],
        "values": {
            _name(one.target): one.value for one in (found.in_force.managed if found.in_force else ())
        },
        "drift": {_name(one.target): one.actual for one in found.drift},
        "waiting_s": found.waiting_s,
        "busy": found.busy,
        "restored": found.restored,
    }


def _name(target: Target) -> str:
    return target.key
