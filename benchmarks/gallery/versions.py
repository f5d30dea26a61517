"""Versions of the programs that an entry tunes, as they tell them."""

from __future__ import annotations

import os
import re
import subprocess

import declared
from entries import Entry

_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_PATIENCE_S = 20


def versions(entry: Entry) -> dict[str, str]:
    """By the name that the entry gives, the first number with a dot that its command prints; else nothing."""
    found = {name: _version(entry, command) for name, command in entry.versions.items()}
    return {name: version for name, version in found.items() if version}


def _version(entry: Entry, command: str) -> str:
    env = {**os.environ, "PATH": declared.search_path(entry)}
    try:
        done = subprocess.run(
            ["env", *command.split()],  # noqa: S607  found by PATH, as the workload's programs are
            text=True,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_S,
            env=env,
        )
    except subprocess.TimeoutExpired:
        return ""
    match = _NUMBER.search(done.stdout + done.stderr)
    return match[0] if match and not done.returncode else ""
