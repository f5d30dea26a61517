"""The systems of the gallery, as its index lists them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from autotune.core.strict_yaml import read

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
INDEX = HERE / "gallery.yaml"

_CHOICES: dict[str, tuple[str, ...]] = {
    "expect": ("gain", "none"),
    "measures": ("throughput", "response time", "resource"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One system: its study, and what is known of it beforehand. The index explains the keys."""

    name: str
    title: str
    group: str
    expect: str
    measures: str
    study: str = ""
    throughput: str = ""
    response_time: str = ""
    work: str = "sample"
    allow_risk: bool = False
    export: str = ""
    smoke: tuple[str, ...] = ()
    notes: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The study's file."""
        return ROOT / (self.study or f"studies/{self.name}.yaml")

    @property
    def by_hand(self) -> Path:
        """The script that measures baseline and candidate without autotune."""
        return HERE / f"{self.name}.sh"


def entries(index: Path = INDEX) -> tuple[Entry, ...]:
    """All systems in the order of the index; ends the script, saying why, where one is wrong."""
    data = read(index).data
    found = tuple(_entry(one, f"{index.name}: entry {number}") for number, one in enumerate(data["gallery"]))
    names = [entry.name for entry in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        sys.exit(f"{index.name}: listed twice: {', '.join(twice)}")
    return found


def _entry(data: dict[str, Any], where: str) -> Entry:
    known = {field.name for field in fields(Entry)}
    if wrong := sorted(set(data) - known):
        sys.exit(f"{where}: unknown key {wrong[0]!r}. Known: {', '.join(sorted(known))}")
    if missing := [name for name in ("name", "title", "group", *_CHOICES) if name not in data]:
        sys.exit(f"{where}: {missing[0]!r} is missing")
    for name, choices in _CHOICES.items():
        if data[name] not in choices:
            sys.exit(f"{where}: {name} is {data[name]!r}, not one of: {', '.join(choices)}")
    return Entry(**{**data, "smoke": tuple(data.get("smoke", ()))})


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that all scripts of the gallery share."""
    parser.add_argument("--index", type=Path, default=INDEX, help="the list of systems")
    parser.add_argument("--study", default="", metavar="NAME", help="one system alone")


def chosen(args: argparse.Namespace) -> tuple[Entry, ...]:
    """The systems that the command line asks for."""
    found = entries(args.index)
    if not args.study:
        return found
    if one := tuple(entry for entry in found if entry.name == args.study):
        return one
    sys.exit(f"no system {args.study!r} in the gallery. Known: {', '.join(e.name for e in found)}")
