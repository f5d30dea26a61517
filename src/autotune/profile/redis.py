"""Exports parameters of Redis as a file that redis.conf includes."""

from __future__ import annotations

import re

from autotune.core.errors import UsageError
from autotune.model.profile import Change, Profile
from autotune.profile.exporting import chosen, commented, comments, left, no_words, written
from autotune.profile.place import place_of
from autotune.profile.words import one_line

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_WORDS = re.compile(r"[A-Za-z0-9_.:/%+-]+( [A-Za-z0-9_.:/%+-]+)*")
_SEVERAL = ("save", "client-output-buffer-limit", "client-query-buffer-limit")
_USE = "Add as the last line of redis.conf: include /PATH/OF/THIS_FILE. Then restart Redis."


def export(profile: Profile) -> str:
    """`key value` per parameter of Redis, under comments that say what is proven.

    Raises UsageError where there is none, or a name or value cannot stand in such a file; RefusedError for a
    key that is never set.
    """
    taken = chosen(profile, lambda change: place_of(change.apply).system == "redis", "no parameter of Redis")
    lines = commented((*comments(profile, taken), _USE))
    return "\n".join([*lines, *map(_line, taken)]) + "\n"


def _line(change: Change) -> str:
    name = change.apply.options.get("key" if change.apply.actuator == "file" else "name", "")
    if not _NAME.fullmatch(name):
        raise UsageError(f"parameter '{one_line(change.parameter)}' names no parameter of Redis")
    text = written(change, "redis")
    if text is None:
        return left(name)
    if not text:
        return f'{name} ""'
    if not _WORDS.fullmatch(text) or (" " in text and name.casefold() not in _SEVERAL):
        raise no_words(change, text, "redis.conf has no words for")
    return f"{name} {text}"
