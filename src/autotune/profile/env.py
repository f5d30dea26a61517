"""Exports the parameters that travel by environment, as lines for a POSIX shell."""

from __future__ import annotations

import re
import shlex

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.model.space import Value, shown
from autotune.profile.exporting import chosen, commented, comments
from autotune.profile.words import one_line

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def export(profile: Profile) -> str:
    """One `export NAME=value` or `unset NAME` per parameter, under comments that say what is proven.

    Raises UsageError where no change travels by environment, or a name or value cannot; RefusedError for a
    variable that is never set.
    """
    by_env = chosen(profile, lambda change: change.apply.actuator == "env", "nothing by environment")
    return "\n".join([*commented(comments(profile, by_env)), *map(_line, by_env)]) + "\n"


def _line(change: Change) -> str:
    name = change.apply.options.get("name", "")
    if not _VARIABLE.fullmatch(name):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no environment variable")
    if change.after is None:
        return f"unset {name}"
    return f"export {name}={shlex.quote(_text(change.after))}"


def _text(value: Value) -> str:
    text = repr(value) if isinstance(value, float) else shown(value)
    if "\0" in text:
        raise UsageError(f"the value {text!r} holds a NUL, which no environment can carry")
    return text
