"""`autotune schema`: the JSON Schema of the files, for editors."""

from __future__ import annotations

import json
from typing import Literal

import click


@click.command("schema", short_help="The JSON Schema of a study or workload file.")
@click.argument("kind", type=click.Choice(["study", "workload"]), default="study")
@click.option("--json", "as_json", is_flag=True, help="Print it in one line.")
def command(kind: Literal["study", "workload"], *, as_json: bool) -> None:
    """Print the JSON Schema of study files, or of workload files.

    Editors with the YAML language server use it: write `# yaml-language-server: $schema=study.schema.json` on
    the file's first line, after `autotune schema study > study.schema.json`.
    """
    from autotune.study.schema.generate import json_schema

    click.echo(json.dumps(json_schema(kind), indent=None if as_json else 2))
