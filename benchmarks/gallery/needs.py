"""Prints what the workloads of the gallery say that they need and that is missing here, one package a line.

`apt PACKAGE WORKLOAD` or `pip PACKAGE WORKLOAD`: for scripts/install-test-deps.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import declared
from entries import INDEX, Entry, entries


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
    workload, path = declared.workload(entry), declared.search_path(entry)
    for need in workload.get("needs", []):
        if "command" in need and shutil.which(need["command"], path=path):
            continue
        if "module" in need and importlib.util.find_spec(need["module"].partition(".")[0]):
            continue
        for kind in ("apt", "pip"):
            if kind in need:
                yield f"{kind} {need[kind]} {workload['workload']}"


if __name__ == "__main__":
    sys.exit(main())
