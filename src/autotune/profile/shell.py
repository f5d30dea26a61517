"""Exports what the kernel shows as files as a script for a POSIX shell, which can undo what it did."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.resources import files

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, no_words, written
from autotune.profile.place import plain_sysctl
from autotune.profile.words import one_line

_PATH = re.compile(r"/(?:proc/sys|sys)(?:/[A-Za-z0-9_:@+-][A-Za-z0-9_.:@+-]*)+")
_VALUE = re.compile(r"[A-Za-z0-9_.:,+=-]+( [A-Za-z0-9_.:,+=-]+)*")
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")
_TWINS = {
    "vm.dirty_bytes": "vm.dirty_ratio",
    "vm.dirty_background_bytes": "vm.dirty_background_ratio",
    "vm.overcommit_kbytes": "vm.overcommit_ratio",
}
"""Two ways to say the same: writing one sets the other to 0 (Documentation/admin-guide/sysctl/vm.rst)."""
_COUPLED = _TWINS | {right: left for left, right in _TWINS.items()}
_USE = "Use, as root: sh THIS_FILE apply | undo | status. Old values are on disk before anything is changed."


def export(profile: Profile) -> str:
    """A script with `apply`, `undo`, `status` for sysctls, files below /sys, control groups (version 2).

    Raises UsageError where there is none, or a path or value cannot stand there; RefusedError for a key that
    is never set.
    """
    taken = chosen(profile, _fits, "nothing that is a file of the kernel")
    places = [line for change in taken for line in _places(change)]
    if not places:
        raise UsageError(
            f"profile '{one_line(profile.name)}' only leaves values unset, which no script can do."
        )
    name = _UNFIT.sub("-", f"{profile.name}-{profile.made_by.get('run', '')}")[:100]
    body = files(__package__).joinpath("shell.sh").read_text(encoding="utf-8")
    body = body.replace("@NAME@", name).replace("@PLACES@", "\n".join(places))
    return "\n".join(["#!/bin/sh", *commented((*comments(profile, taken), _USE)), body])


def _fits(change: Change) -> bool:
    return change.apply.actuator in {"sysctl", "sysfs", "cgroup"}


def _path(change: Change, sysctl: str) -> str:
    options = change.apply.options
    name = options.get("name", "")
    if change.apply.actuator == "sysctl":
        path = "/proc/sys/" + "/".join(part.replace("/", ".") for part in sysctl.split("."))
    elif change.apply.actuator == "sysfs":
        path = f"/sys/{name}"
    else:
        path = f"/sys/fs/cgroup/{name}/{options.get('attribute', '')}"
    if not _PATH.fullmatch(path):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no file of the kernel")
    return path


def _places(change: Change) -> Iterator[str]:
    sysctl = plain_sysctl(change.apply.options.get("name", "")) if change.apply.actuator == "sysctl" else ""
    path = _path(change, sysctl)
    text = written(change, change.apply.actuator)
    if text is None:
        yield f"  # {one_line(change.parameter)}: leave it unset"
        return
    if not _VALUE.fullmatch(text):
        raise no_words(change, text, "is no value of the kernel")
    twin = _COUPLED.get(sysctl)
    yield f'  "$1" {shlex.quote(path)} {"pair" if twin else "plain"} {shlex.quote(text)} || return 1'
    if twin:
        yield f'  "$1" /proc/sys/{twin.replace(".", "/")} twin 0 || return 1'
