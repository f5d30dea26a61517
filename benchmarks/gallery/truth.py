"""What the checks of the gallery keep beside its results: a table for people, the same as data."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kept

TRUTH = kept.FOLDER / "truth"


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


def of(name: str, result: Mapping[str, Any]) -> dict[str, Any] | None:
    """The kept row of this very claim; None where it was not checked since it is made."""
    rows = (row for row in rows_of(name) if row["name"] == result["name"])
    return next((row for row in rows if row.get("claim") == claim(result)), None)


def claim(result: Mapping[str, Any]) -> str:
    """A hash of the pairs that a claim rests on: a check of another run says nothing of this one."""
    return hashlib.sha256(json.dumps(result["paired"]).encode()).hexdigest()[:16]


def joined(name: str, found: Sequence[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    """The rows found now, and those kept before of other systems, or of other `keys`, in order.

    Rows of a claim that is no longer made are dropped.
    """
    by = ("name", *keys)
    rows = {tuple(str(row[key]) for key in by): row for row in (*rows_of(name), *found)}
    return [rows[key] for key in sorted(rows) if _made(rows[key])]


def _made(row: Mapping[str, Any]) -> bool:
    result = kept.read_kept(row["name"])
    return result is not None and row.get("claim") == claim(result)
