"""What an entry's workload says of itself, read from its file as it is written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from entries import Entry

from autotune.core.strict_yaml import read

_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def file_of(entry: Entry) -> Path | None:
    """The workload's file; None where the study holds it, or there is no study."""
    named = study(entry).get("workload")
    return entry.path.parent / named if isinstance(named, str) else None


def study(entry: Entry) -> Mapping[str, Any]:
    """The study as it is written; empty where it is not there."""
    return dict(read(entry.path).data) if entry.path.is_file() else {}


def workload(entry: Entry) -> Mapping[str, Any]:
    """The workload as it is written, in its own file or in the study's; empty where it is not there."""
    path = file_of(entry)
    if path is None:
        return dict(study(entry).get("workload", {}))
    return dict(read(path).data) if path.is_file() else {}


def search_path(entry: Entry) -> str:
    """Where the programs of the entry's workload are looked for."""
    found = workload(entry).get("path", ())
    return ":".join([*folders(found if isinstance(found, list) else ()), _PATH])


def folders(patterns: Sequence[str]) -> list[str]:
    """The folders that the patterns stand for on this machine, the newest first."""
    return [
        str(path)
        for pattern in patterns
        for path in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    ]
