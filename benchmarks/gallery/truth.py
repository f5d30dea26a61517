"""What the checks of the gallery keep beside its results: a table for people, the same as data."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kept import FOLDER

TRUTH = FOLDER / "truth"


def today() -> str:
    """The day."""
    return datetime.now(UTC).date().isoformat()


def write(name: str, head: str, lines: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps NAME.txt as it was printed and NAME.json; machine and day stand in both."""
    TRUTH.mkdir(parents=True, exist_ok=True)
    about = f"{today()}, {platform.platform()}"
    text = "\n".join([f"{head} ({about})", *lines])
    Path(TRUTH, f"{name}.txt").write_text(text + "\n")
    data = {"date": today(), "machine": platform.platform(), "rows": list(rows)}
    Path(TRUTH, f"{name}.json").write_text(json.dumps(data, indent=1) + "\n")


def rows_of(name: str) -> list[dict[str, Any]]:
    """The rows that were kept before; none where there are none."""
    path = TRUTH / f"{name}.json"
    return list(json.loads(path.read_text())["rows"]) if path.is_file() else []


def joined(name: str, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kept rows with those found now in place of the same system's, in the order of names."""
    rows = {row["name"]: row for row in rows_of(name)} | {row["name"]: row for row in found}
    return [rows[name] for name in sorted(rows)]
