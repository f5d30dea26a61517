"""Editors of configuration files: one entry read or changed, every other byte as it was.

An editor is a module of two pure functions. `entry` names a value in the way of its format, None is an entry
that is not there.

    get(text, entry) -> str | None          the value as text, always one line where `put` can have made it
    put(text, entry, value) -> str          the text with the value, without the entry for None

Both raise ValueError, with the line where there is one, where the text is not of the format, where the
entry is ambiguous and where the value cannot stand there. `put` of the present value gives the text itself.
"""

from __future__ import annotations

import importlib
import re
from pathlib import PurePosixPath
from typing import Protocol, cast

from autotune.core.hint import did_you_mean

FORMATS = ("ini", "json", "keyvalue", "nginx", "postgres", "systemd", "toml", "words", "yaml")

_BY_NAME = (
    (re.compile(r"postgresql.*\.conf|postgresql\.auto\.conf"), "postgres"),
    (re.compile(r"nginx.*\.conf"), "nginx"),
    (re.compile(r"(redis|valkey|sentinel).*\.conf"), "words"),
    (re.compile(r"sysctl\.conf|\.env|.*\.env|.*\.properties|environment"), "keyvalue"),
    (re.compile(r"(my|.*\.my)\.cnf|.*\.ini|.*\.cfg"), "ini"),
    (re.compile(r".*\.(service|socket|slice|mount|timer|scope|target|network)"), "systemd"),
    (re.compile(r".*\.json"), "json"),
    (re.compile(r".*\.ya?ml"), "yaml"),
    (re.compile(r".*\.toml"), "toml"),
)
_BY_FOLDER = (
    (re.compile(r".*\.(service|socket|slice|mount|timer|scope)\.d|system\.conf\.d"), "systemd"),
    (re.compile(r"sysctl\.d|default"), "keyvalue"),
    (re.compile(r"nginx|sites-available|sites-enabled"), "nginx"),
)


class Editor(Protocol):
    """What every module of a format offers."""

    def get(self, text: str, entry: str) -> str | None:
        """The value of `entry`; None where there is none."""

    def put(self, text: str, entry: str, value: str | None) -> str:
        """`text` with `value` at `entry`; for None without the entry."""


def editor(format: str) -> Editor:  # noqa: A002  the word of the files that users write
    """The module that edits files of `format`; raises ValueError where there is none."""
    if format not in FORMATS:
        known = ", ".join(FORMATS)
        raise ValueError(f"format '{format}' is not known. Known: {known}.{did_you_mean(format, FORMATS)}")
    return cast("Editor", importlib.import_module(f"{__name__}.{format}"))


def format_of(path: str) -> str:
    """The format that the file's name, or its folder's, tells; empty where neither does."""
    pure = PurePosixPath(path)
    for name, patterns in ((pure.name, _BY_NAME), (pure.parent.name, _BY_FOLDER)):
        for pattern, format_ in patterns:
            if pattern.fullmatch(name):
                return format_
    return ""
