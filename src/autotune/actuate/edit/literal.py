"""Texts for values of formats that have types: numbers and the like as they stand, strings as they read.

64 is the number, hello the string. A string that reads as something else is told by double quotes: "64".
So every value has one text, and every text means one value.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from autotune.actuate.edit.lines import checked_value, controlled

IsLiteral = Callable[[str], bool]
"""Whether the format takes a bare text for something else than a string: a number, true, null, a date."""


def text_of(string: str, is_literal: IsLiteral) -> str:
    """The text that stands for a string."""
    return json.dumps(string) if _needs_quotes(string, is_literal) else string


def string_of(text: str, is_literal: IsLiteral) -> str | None:
    """The string for which `text` stands; None where it stands for a literal. The reverse of `text_of`.

    Raises ValueError as `checked_value`.
    """
    checked_value(text)
    if is_literal(text):
        return None
    inner = _unquoted(text)
    return inner if inner is not None and _needs_quotes(inner, is_literal) else text


def _needs_quotes(string: str, is_literal: IsLiteral) -> bool:
    if controlled(string) or is_literal(string):
        return True
    inner = _unquoted(string)
    return inner is not None and _needs_quotes(inner, is_literal)


def _unquoted(text: str) -> str | None:
    """The string of which `text` is the quoted form."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, str) and json.dumps(inner) == text else None
