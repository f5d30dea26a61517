"""The end of a session: the lines about benchmarks, and the files that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autotune.core.errors import UsageError
from autotune.core.files import write_atomic
from autotune.flow.gate_arms import WORKING_TREE, sides
from autotune.pytest_plugin.options import Options
from autotune.report.gate_data import document, text
from autotune.report.gate_exports import asked_for, export

Plain = Mapping[str, Any]
"""What `Found.plain` gives."""

_ORDER = ("fail", "undecided", "pass", None)


def lines(found: Sequence[Plain]) -> Iterator[str]:
    """One line for each metric of each benchmark, what failed first; then what holds for all of them."""
    for one in sorted(found, key=lambda one: _ORDER.index(one["answer"])):
        word = (one["answer"] or ("new" if one["compared"] else "measured")).upper()
        first, *others = one["sentences"] or [""]
        yield f"{word:<10}{one['name']}  {first}"
        yield from (f"{'':<10}{other}" for other in others)
    said = next((one["said"] for one in found if one["said"]), None)
    beside = f"base {said['baseline']}, head {said['candidate']}; " if said else ""
    yield f"{beside}the garbage collector is off while a function is timed"


def write(found: Sequence[Plain], options: Options, root: Path, began: str) -> list[Path]:
    """Writes what was asked for, and gives the paths; raises StorageError where a file cannot be written."""
    data = _document(found, root, began)
    written = [path for path in (options.json, options.file if options.update else None) if path]
    for path in written:
        write_atomic(path, text(data))
    for form, path in asked_for(options.exports, "--autotune-export"):
        write_atomic(path, export(data, form))
        written.append(path)
    return written


def _document(found: Sequence[Plain], root: Path, began: str) -> dict[str, Any]:
    head: dict[str, Any] = {"said": WORKING_TREE, "commit": None, "changed": []}
    try:
        known = sides(root, "HEAD")
        changed = list(known.changed)
        head = {
            "said": f"{known.head.short} {known.head.subject}",
            "commit": asdict(known.head),
            "changed": changed,
        }
    except UsageError:
        pass  # no repository: what is measured is the files as they are
    said: Mapping[str, str] = next((one["said"] for one in found if one["said"]), {})
    answers = {one["answer"] for one in found}
    return document(
        {one["name"]: one["data"] for one in found},
        about={"time": began, "head": head, "base": {"said": said.get("baseline", ""), "commit": None}},
        answer=next((a for a in ("fail", "undecided") if a in answers), "pass" if found else "undecided"),
    )


def now() -> str:
    """This moment in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
