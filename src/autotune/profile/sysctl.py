"""Exports sysctls as a file for /etc/sysctl.d."""

from __future__ import annotations

import re

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, left, no_words, written
from autotune.profile.place import plain_sysctl
from autotune.profile.words import one_line

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*([./][A-Za-z0-9_:@-]+)+")
_VALUE = re.compile(r"[A-Za-z0-9_.:+-]+( [A-Za-z0-9_.:+-]+)*")
_USE = "Put it in /etc/sysctl.d, then run: sysctl -p FILE. What is there at the next boot is set again."


def export(profile: Profile) -> str:
    """`name = value` per sysctl, under comments that say what is proven.

    Raises UsageError where there is no sysctl, or a name or value cannot stand in such a file; RefusedError
    for a key that is never set.
    """
    taken = chosen(profile, lambda change: change.apply.actuator == "sysctl", "no sysctl")
    lines = commented((*comments(profile, taken), _USE))
    return "\n".join([*lines, *map(_line, taken)]) + "\n"


def _line(change: Change) -> str:
    name = change.apply.options.get("name", "")
    if not _NAME.fullmatch(name):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no sysctl")
    text = written(change, "sysctl")
    if text is None:
        return left(plain_sysctl(name))
    if not _VALUE.fullmatch(text):
        raise no_words(change, text, "no file of sysctls can hold")
    return f"{plain_sysctl(name)} = {text}"
