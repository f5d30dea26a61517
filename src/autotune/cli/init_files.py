"""What `autotune init` does with the studies that come along."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from autotune.core.errors import ExitCode, UsageError
from autotune.core.redact import printable
from autotune.flow.examples import copy, examples, first, named
from autotune.report.columns import columns


def first_copied(folder: Path, *, as_json: bool) -> int:
    """Writes the study that one begins with."""
    return _written(copy(first(), folder), folder / "study.yaml", as_json=as_json)


def copied(name: str, folder: Path, *, as_json: bool) -> int:
    """Writes the example called `name`; a wrong name is told what there is."""
    try:
        example = named(name)
    except UsageError as error:
        raise UsageError(f"{error}\n{_table()}") from error
    return _written(copy(example, folder), folder / "studies" / f"{name}.yaml", as_json=as_json)


def listed(*, as_json: bool) -> int:
    """Lists the examples, each with the question that it asks."""
    if as_json:
        click.echo(json.dumps([{"name": one.name, "about": one.about} for one in examples()]))
    else:
        click.echo(_table())
        click.echo("\nnext  autotune init --example NAME [FOLDER]")
    return ExitCode.GOOD


def _table() -> str:
    return printable_lines(columns([(one.name, one.about) for one in examples()]))


def printable_lines(text: str) -> str:
    """Text for a terminal, line by line."""
    return "\n".join(map(printable, text.split("\n")))


def _written(files: Sequence[Path], study: Path, *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"schema": "autotune.init/1", "file": str(study), "files": [*map(str, files)]}))
        return ExitCode.GOOD
    for file in files:
        click.echo(f"wrote {printable(str(file))}")
    quoted = shlex.quote(str(study))
    click.echo(f"next  autotune doctor {quoted}   # is all there that it needs?")
    click.echo(f"then  autotune run {quoted}")
    return ExitCode.GOOD
