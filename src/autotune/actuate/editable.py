"""Which files of this machine a parameter may stand in."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from autotune.core.state import state_folder

_REFUSED = {
    "/proc": "the kernel shows its own state there; a sysctl is applied by sysctl",
    "/sys": "the kernel shows its own state there; it is applied by sysfs",
    "/dev": "devices are there",
    "/boot": "a mistake there keeps the machine from starting",
    "/var/lib/autotune": "autotune keeps there how to undo what it did",
}
_MOST_LAYERS = 3  # of percent encoding that are looked through


def wrong_path(path: str) -> str:
    """Why `path`, absolute or below the workload's folder, is no file to edit; empty where it can be one.

    Touches nothing: what only the machine can tell is said by `wrong_place`.
    """
    if not path or "\0" in path or any(ord(character) < ord(" ") for character in path):
        return "a path is at least one character, all of them printable"
    if path.startswith("~") or "{" in path:
        return "it is taken as it is written: neither '~' nor '{...}' is filled in; write the path out"
    if path.endswith("/"):
        return "it names a folder"
    plain = _seen_through(path)
    if any(part == ".." for part in plain.split("/")):
        return "'..' leads out of a folder; write the path out"
    if plain.count("/") != path.count("/") or "\\" in path:
        return "it hides a separator of folders; write the path out"
    return _below(os.path.normpath(path), [])


def wrong_place(path: Path, environment: Iterable[tuple[str, str]]) -> str:
    """Why the file at the absolute `path`, there or not yet, cannot be edited here; empty where it can.

    Links are not followed: whoever may write the folder that holds one could turn it elsewhere.
    """
    state = str(state_folder(dict(environment), root=os.geteuid() == 0).absolute())
    if refused := _below(str(path), [state]):
        return refused
    for each in (*reversed(path.parents), path):
        if each.is_symlink():
            return f"{each} is a symbolic link; name the file by its own path, {path.resolve()}"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if path.exists() and not path.is_file():
        return "it is no regular file"
    return ""


def _seen_through(path: str) -> str:
    """The path as one may read it who decodes percents, and characters that look like dots and slashes."""
    for _ in range(_MOST_LAYERS):
        path = unicodedata.normalize("NFKC", unquote(path)).replace("\u2215", "/").replace("\u2044", "/")
    return path


def _below(path: str, more: Iterable[str]) -> str:
    refused = _REFUSED | dict.fromkeys(more, _REFUSED["/var/lib/autotune"])
    clean = "/" + path.lstrip("/") if path.startswith("/") else path
    found = next((root for root in refused if clean == root or clean.startswith(f"{root}/")), "")
    return f"nothing below {found} is edited: {refused[found]}" if found else ""
