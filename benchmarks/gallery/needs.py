"""Prints what the workloads of the gallery say that they need and that is missing here, one package a line.

`apt PACKAGE WORKLOAD` or `pip PACKAGE WORKLOAD`: for scripts/install-test-deps.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from entries import INDEX, Entry, entries
from kept import workload_of

from autotune.core.strict_yaml import read

_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def main() -> int:
    """Prints them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, default=INDEX, help="the list of systems")
    args = parser.parse_args()
    for line in sorted({line for entry in entries(args.index) for line in missing(entry)}):
        print(line)
    return 0


def missing(entry: Entry) -> Iterator[str]:
    """What the entry's workload needs and this machine does not have."""
    workload = _workload(entry)
    path = ":".join([_PATH, *folders(workload.get("path", []))])
    for need in workload.get("needs", []):
        if "command" in need and shutil.which(need["command"], path=path):
            continue
        if "module" in need and importlib.util.find_spec(need["module"].partition(".")[0]):
            continue
        for kind in ("apt", "pip"):
            if kind in need:
                yield f"{kind} {need[kind]} {workload['workload']}"


def folders(patterns: list[str]) -> list[str]:
    """The folders that the patterns stand for on this machine."""
    return [str(path) for pattern in patterns for path in sorted(Path("/").glob(pattern.lstrip("/")))]


def _workload(entry: Entry) -> Mapping[str, Any]:
    """The workload as it is written, in its own file or in the study's."""
    path = workload_of(entry)
    if path is not None:
        return dict(read(path).data) if path.is_file() else {}
    return dict(read(entry.path).data["workload"]) if entry.path.is_file() else {}


if __name__ == "__main__":
    sys.exit(main())
