"""The process of its own that issues a load: `python -m autotune.measure.load LOAD.json RETURNED.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from autotune.measure.load.http import drive


def main(load_file: str, returned_file: str) -> None:
    """Runs the load; exits 1 with a sentence where not one request was answered."""
    load = json.loads(Path(load_file).read_text(encoding="utf-8"))
    figures = drive(load)
    if not figures["latency_s"]:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in figures["error_kinds"].items())
        sys.exit(f"none of {figures['requests']} requests to {load['url']} was answered: {kinds or 'none'}")
    with Path(returned_file).open("x", encoding="utf-8") as file:
        json.dump(figures, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
