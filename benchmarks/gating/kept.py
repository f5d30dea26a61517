"""What is kept in reports/gate/: one small file for each part, with the machine and the date."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "reports" / "gate"
LIMIT = 0.05
TRUTHS = (1.0, 1.03, 1.05, 1.10)


def read(name: str) -> dict[str, Any]:
    """What is kept under a name; empty where nothing is."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def write(name: str, data: dict[str, Any]) -> None:
    """Keeps it, with when and where it was measured."""
    about = {
        "schema": "autotune.gates/1",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "cpus": os.cpu_count(),
            "kernel": platform.release(),
            "python": platform.python_version(),
        },
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({**about, **data}, indent=1) + "\n")
