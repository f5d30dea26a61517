"""The options by which a user says where a profile's files and services are on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

PROFILE = click.Path(path_type=Path)


def placed(command: _Command) -> _Command:
    """`command` with the options --file and --service."""
    for option in (
        click.option("--service", "services", multiple=True, metavar="NAME=UNIT", help="Its systemd unit."),
        click.option("--file", "files", multiple=True, metavar="NAME=PATH", help="Where a file is here."),
    ):
        command = option(command)
    return command


def pairs(words: Sequence[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` words as a mapping; raises click.UsageError for one of another form."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise click.UsageError(f"{option} is given as NAME=VALUE, not as '{word}'.")
        found[name] = value
    return found
