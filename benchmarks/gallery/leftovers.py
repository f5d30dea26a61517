"""What a run has left behind: processes, journals, changed values of the machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import declared
from entries import Entry

from autotune.core.errors import BusyError
from autotune.core.files import locked
from autotune.core.state import state_folder

MARK = "AUTOTUNE_GALLERY"
"""Variable by which a process of a run, and of what it started, is known."""

_SYSCTL = re.compile(r"\bsysctl:\s*([\w./-]+)")
_SYSFS = re.compile(r"\bsysfs:\s*(/?[\w./:-]+)")


def processes(mark: str) -> list[str]:
    """Living processes that carry the mark in their environment, as `pid command`."""
    wanted = f"{MARK}={mark}".encode()
    return [f"{pid} {words}" for pid, environ, words in _all() if wanted in environ.split(b"\0")]


def _all() -> Iterator[tuple[int, bytes, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environ = (entry / "environ").read_bytes()
                dead = " Z " in (entry / "stat").read_text()[:200]
            except OSError:
                continue
            if not dead:
                yield int(entry.name), environ, words.strip()


def values(entry: Entry) -> Mapping[str, str]:
    """What the values of the machine hold that the study may change."""
    files = (entry.path, declared.file_of(entry))
    text = "\n".join(path.read_text() for path in files if path is not None and path.is_file())
    places = [f"/proc/sys/{name.replace('.', '/')}" for name in _SYSCTL.findall(text)]
    places += [name if name.startswith("/") else f"/sys/{name}" for name in _SYSFS.findall(text)]
    return {place: _held(Path(place)) for place in places}


def _held(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return "(none)"


def open_journals() -> list[str]:
    """What is open of this machine: changes that are not undone. Nothing while another process changes it."""
    state = state_folder(os.environ, root=os.geteuid() == 0)
    if not state.is_dir():
        return []
    try:
        with locked(state / "lock", what="this machine"):
            return [str(path) for path in state.rglob("wal")]
    except BusyError:
        return []
