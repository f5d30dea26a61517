"""`autotune show`: what a file says, with every default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


@click.command("show", short_help="What a study or workload file says, defaults included.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--resolved", is_flag=True, help="Print the whole file with every default written out.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, as in a.b=1.")
@click.option("--json", "as_json", is_flag=True, help="Print the resolved file as JSON.")
def command(file: Path, overrides: tuple[str, ...], *, resolved: bool, as_json: bool) -> None:
    """Show FILE: its parameters in a table, or all of it with every default (--resolved)."""
    document = _document(file, overrides)
    if as_json:
        click.echo(json.dumps(document, indent=2))
    elif resolved:
        from autotune.core.strict_yaml import dump

        click.echo(dump(document), nl=False)
    else:
        _table(document)


def _document(file: Path, overrides: tuple[str, ...]) -> Mapping[str, Any]:
    from autotune.flow.host import settled
    from autotune.measure.host import facts
    from autotune.study.load import kind_of, load, resolved_workload

    if kind_of(file) == "study":
        return load(file, facts=facts(), overrides=overrides, read=settled).document
    return resolved_workload(file, facts=facts(), overrides=overrides, read=settled)


def _table(document: Mapping[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from autotune.core.redact import printable

    workload = document["workload"] if "study" in document else document
    table = Table(box=box.SIMPLE, title=escape(_title(document)), title_justify="left")
    for heading in ("parameter", "domain", "default", "unit", "applied by", "risk"):
        table.add_column(heading, overflow="fold")
    for name, parameter in workload["parameters"].items():
        cells = (name, *_cells(parameter))
        table.add_row(*(escape(printable(cell)) for cell in cells))
    Console().print(table)
    click.echo(f"metrics: {', '.join(workload['metrics'])}")
    click.echo("every key with its default: add --resolved")


def _title(document: Mapping[str, Any]) -> str:
    if "study" not in document:
        return f"workload {document['workload']}"
    several = document.get("objectives")
    metrics = document["workload"]["metrics"]
    names = [one["metric"] for one in several or [document["objective"]]]
    wanted = [f"{metrics[name]['direction']} {name}" for name in names]
    title = f"study {document['study']}: {', '.join(wanted)}"
    if several:
        title += f"; pick {_pick(document['pick'])}"
    return f"{title}, {document['budget']['trials']} trials"


def _pick(pick: Any) -> str:
    """The pick in a few words: knee, weights ratio 1, speed 2, or max speed subject to ratio >= 2."""
    if not isinstance(pick, Mapping):
        return str(pick)
    if "weights" in pick:
        return f"weights {', '.join(f'{name} {weight:g}' for name, weight in pick['weights'].items())}"
    if "lexicographic" in pick:
        within = f" within {pick['within']}" if "within" in pick else ""
        return f"lexicographic {', '.join(pick['lexicographic'])}{within}"
    way = "max" if "max" in pick else "min"
    return f"{way} {pick[way]} subject to {' and '.join(pick['subject_to'])}"


def _cells(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    from autotune.study.schema.parameter import KINDS

    kind = next(key for key in KINDS if key in parameter)
    held = parameter[kind]
    domain = kind if held is True else f"{kind} {_words(held)}"
    if kind in {"int", "float", "power_of_two"}:
        domain = f"{kind} {held[0]} to {held[1]}"
    if parameter["special"]:
        domain += f" or {_words(parameter['special'])}"
    applied = parameter["apply"]
    if isinstance(applied, dict):
        applied = " ".join(next(iter(applied.items())))
    return domain, _words([parameter["default"]]), parameter["unit"], applied, ", ".join(parameter["risk"])


def _words(values: list[Any]) -> str:
    return ", ".join(str(v).lower() if isinstance(v, bool) else str(v) for v in values)
