"""The floors that self-tests found on this machine: one file in the state folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autotune.core.files import write_atomic
from autotune.core.state import state_folder
from autotune.model.fingerprint import Fingerprint, deciding
from autotune.model.floor import Floor, read_floor

SCHEMA = "autotune.floors/1"

BUILT_IN = ""
"""Name of the workload that every machine has."""


def floors_file() -> Path:
    """Where they are kept."""
    return state_folder(os.environ, root=os.geteuid() == 0) / "floors.json"


def known_floor(
    workload: str, metric: str, circumstances: Fingerprint, note: Callable[[str], None]
) -> Floor | None:
    """The floor of `workload` and `metric` on the machine, and with the files, of `circumstances`.

    None where there is none; a file that cannot be used is noted, and left aside.
    """
    place = _key(workload, metric, circumstances)
    return next((floor for key, floor in _kept(note) if key == place), None)


def keep_floor(floor: Floor, circumstances: Fingerprint, note: Callable[[str], None]) -> Path:
    """Writes the floor in the place of an earlier one of the same circumstances; the file.

    Two self-tests that end at the same moment disturbed each other, so that the later one may win. Raises
    StorageError where it cannot be written.
    """
    place = _key(floor.workload, floor.metric, circumstances)
    kept = [*((key, one) for key, one in _kept(note) if key != place), (place, floor)]
    floors = [{**one.plain(), "circumstances": key[2]} for key, one in kept]
    path = floors_file()
    write_atomic(path, json.dumps({"schema": SCHEMA, "floors": floors}, indent=1, allow_nan=False) + "\n")
    return path


_Key = tuple[str, str, dict[str, str]]


def _key(workload: str, metric: str, circumstances: Fingerprint) -> _Key:
    return workload, metric, deciding(circumstances)


def _kept(note: Callable[[str], None]) -> list[tuple[_Key, Floor]]:
    """All that the file holds; nothing, and a note, where it cannot be used."""
    path = floors_file()
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        reason = str(error)
    note(f"{path} is left aside: {reason}. `autotune selftest` writes it anew")
    return []


def _read(data: Any) -> list[tuple[_Key, Floor]]:
    known = isinstance(data, Mapping) and data.get("schema") == SCHEMA
    entries = data.get("floors") if known else None
    if entries is None:
        raise ValueError(f"it holds no floors by {SCHEMA}")
    return [_entry(plain) for plain in entries]


def _entry(plain: Any) -> tuple[_Key, Floor]:
    floor = read_floor(plain)
    return _key(floor.workload, floor.metric, dict(plain.get("circumstances", {}))), floor
