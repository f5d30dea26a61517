"""A study's name, taken from the command that it tunes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

_INTERPRETERS = re.compile(r"(python[\d.]*|pypy[\d.]*|node|perl|ruby|bash|sh|dash|java|env)")
_SUBCOMMAND = re.compile(r"[a-z][a-z0-9_-]{0,20}")
_LONGEST = 40


def study_name(argv: Sequence[str]) -> str:
    """The program with its subcommand, or the script that an interpreter runs."""
    program = PurePath(argv[0]).name
    words = [word for word in argv[1:2] if _SUBCOMMAND.fullmatch(word)]
    if _INTERPRETERS.fullmatch(program):
        scripts = [PurePath(word).stem for word in argv[1:] if PurePath(word).suffix]
        program, words = (scripts or [program])[0], []
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join((program, *words)))[:_LONGEST].strip(".-")
    return plain or "study"
